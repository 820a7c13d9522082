using System.Numerics;
using System.Runtime.InteropServices;
using Tft.Forecasting.Data;

namespace Tft.Forecasting.Recipe.Base;

/// <summary>Fits <see cref="LagRidge"/> on the fit parts of several servers.</summary>
internal static class LagRidgeFit
{
    private const float Clip = 5;
    private const double Ridge = 1e-3;
    private const int Width = Protocol.Context + Protocol.Horizon;

    /// <summary>The ridge over all metrics; windows with more than a tenth of gaps are left out, the other gaps are at the window's mean.</summary>
    public static LagRidge Fit(IReadOnlyList<ServerSeries> servers, int originStep, int threads)
    {
        var jobs = servers.SelectMany(s => Enumerable.Range(0, s.Metrics).Select(m => (Server: s, Metric: m))).ToArray();

        // sums are added in the order of the jobs, so that the result does not depend on the number of threads
        var total = new double[Protocol.Context * Width];
        foreach (var chunk in jobs.Chunk(16))
        {
            var parts = new float[chunk.Length][];
            Parallel.For(0, chunk.Length, new ParallelOptions { MaxDegreeOfParallelism = threads }, j => parts[j] = Moments(chunk[j].Server, chunk[j].Metric, originStep));
            foreach (var part in parts)
            {
                for (var i = 0; i < total.Length; i++)
                    total[i] += part[i];
            }
        }

        var (gram, right) = (new double[Protocol.Context * Protocol.Context], new double[Protocol.Context * Protocol.Horizon]);
        double trace = 0;
        for (var i = 0; i < Protocol.Context; i++)
        {
            total.AsSpan(i * Width, Protocol.Context).CopyTo(gram.AsSpan(i * Protocol.Context));
            total.AsSpan((i * Width) + Protocol.Context, Protocol.Horizon).CopyTo(right.AsSpan(i * Protocol.Horizon));
            trace += gram[(i * Protocol.Context) + i];
        }

        for (var i = 0; i < Protocol.Context; i++)
            gram[(i * Protocol.Context) + i] += (Ridge * trace / Protocol.Context) + 1e-9;
        Cholesky.Solve(gram, right, Protocol.Context, Protocol.Horizon);
        return new LagRidge([.. right.Select(w => (float)w)]);
    }

    private static float[] Moments(ServerSeries server, int metric, int originStep)
    {
        var sums = new float[Protocol.Context * Width];
        var x = server.Values[metric];
        var deviation = (float)Math.Max(Statistics.Moments(x.AsSpan(0, server.FitSteps)).Deviation, 1e-12);
        var z = new float[Width];
        for (var o = Protocol.LookBack; o < server.FitSteps - Protocol.Horizon; o += originStep)
        {
            var window = x.AsSpan(o + 1 - Protocol.Context, Width);
            var (mean, _, seen) = Statistics.Moments(window[..Protocol.Context]);
            if (seen < 0.9 * Protocol.Context)
                continue;
            for (var i = 0; i < Width; i++)
                z[i] = float.IsFinite(window[i]) ? Math.Clamp((window[i] - (float)mean) / deviation, -Clip, Clip) : 0;
            AddOuter(z, sums);
        }

        return sums;
    }

    private static void AddOuter(float[] z, float[] sums)
    {
        var right = MemoryMarshal.Cast<float, Vector<float>>(z.AsSpan());
        for (var i = 0; i < Protocol.Context; i++)
        {
            var v = new Vector<float>(z[i]);
            var row = MemoryMarshal.Cast<float, Vector<float>>(sums.AsSpan(i * Width, Width));
            for (var k = 0; k < row.Length; k++)
                row[k] = Vector.FusedMultiplyAdd(v, right[k], row[k]);
        }
    }
}
