using Tft.Contract.Metrics;
using Tft.Contract.Servers;

namespace Tft.Inference.Windows.Storage;

/// <summary>What is kept of a server apart from its window.</summary>
internal struct ServerHead
{
    /// <summary>Odd while the writer is at work; readers copy, and copy again if it moved.</summary>
    public int Version;

    public int Number;

    /// <summary>At which steps it hands its past over (<see cref="IPastSteps"/>).</summary>
    public byte Phase;

    /// <summary>Where its window lies in <see cref="WindowStorage"/>; -1 for a retired one.</summary>
    public int Storage;

    /// <summary>Position in the journal of the last record applied.</summary>
    public long Position;

    /// <summary>Newest step with data, open or closed.</summary>
    public int NewestStep;

    /// <summary>Last closed step.</summary>
    public int LastClosed;

    /// <summary>First step that was measured; <see cref="int.MaxValue"/> while none is.</summary>
    public int FirstStep;

    /// <summary>Newest timestamp over all sources, Unix time.</summary>
    public uint LastRecord;

    /// <summary>When its last record came, Unix time.</summary>
    public uint LastArrival;
    public short KnownSteps;
    public short MeasuredSteps;
    public ServerState State;
    public ServerProfile Profile;

    /// <summary>True where records name the profile; else the rules do.</summary>
    public bool ProfileSent;
    public MetricValues Last;
}
