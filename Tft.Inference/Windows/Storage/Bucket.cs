using System.Runtime.CompilerServices;
using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Windows.Storage;

/// <summary>A five-minute bucket that can still take samples: sums and counts, so that a late one changes the mean as if it had come in time.</summary>
internal struct Bucket
{
    private const int Metrics = MetricCatalog.Count;
    private static readonly bool[] s_isLast = [.. MetricCatalog.All.Select(m => m.Rule == BucketRule.Last)];

    /// <summary>Step number; 0 for none.</summary>
    public int Step;
    public ServerState State;
    public Doubles Sums;
    public UShorts Counts;

    /// <summary>Second within the bucket + 1 of the newest value, for metrics whose last value counts.</summary>
    public UShorts Newest;

    public void Start(int step)
    {
        this = default;
        Step = step;
        State = ServerState.Missing;
    }

    /// <param name="second">Of the sample within the bucket.</param>
    /// <param name="state">Of the sample.</param>
    /// <param name="values">[14], NaN where not measured.</param>
    public void Add(int second, ServerState state, ReadOnlySpan<float> values)
    {
        State = ServerStates.Worst(State, state);
        for (var m = 0; m < Metrics; m++)
        {
            var value = values[m];
            if (float.IsNaN(value))
                continue;
            if (s_isLast[m])
            {
                // an older value that comes late is not the last
                if (second + 1 < Newest[m])
                    continue;
                Newest[m] = (ushort)(second + 1);
                Sums[m] = value;
                Counts[m] = 1;
            }
            else
            {
                Sums[m] += value;
                Counts[m]++;
            }
        }
    }

    /// <summary>The bucket as a step of the window: [14], NaN where not measured.</summary>
    public readonly void Write(Span<float> row)
    {
        for (var m = 0; m < Metrics; m++)
            row[m] = Counts[m] == 0 ? float.NaN : (float)(Sums[m] / Counts[m]);
    }

    [InlineArray(Metrics)]
    internal struct Doubles
    {
        private double _first;
    }

    [InlineArray(Metrics)]
    internal struct UShorts
    {
        private ushort _first;
    }
}
