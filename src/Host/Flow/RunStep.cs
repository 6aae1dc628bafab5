using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>What a run tells whoever watches it.</summary>
public abstract record RunStep
{
    private RunStep() { }

    /// <summary>A new phase, in words for people.</summary>
    public sealed record Phase(string Text) : RunStep;

    /// <summary>How many scans there are to measure.</summary>
    public sealed record Listed(int Scans) : RunStep;

    /// <summary>One more scan is done; raised from several threads.</summary>
    public sealed record Measured(ScanResult Result, TimeSpan Elapsed) : RunStep;
}
