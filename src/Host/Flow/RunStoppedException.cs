namespace VerseEtl.Host.Flow;

/// <summary>Stops a run on purpose: with the exit code and, in words for people, why.</summary>
internal sealed class RunStoppedException(int exitCode, params IReadOnlyList<string> reasons) : Exception(string.Join("; ", reasons))
{
    public int ExitCode { get; } = exitCode;
    public IReadOnlyList<string> Reasons { get; } = reasons;

    /// <inheritdoc cref="RunReport.FolderSetting"/>
    public IReadOnlyList<string> FolderSetting { get; init; } = [];

    /// <inheritdoc cref="RunReport.NotMeasured"/>
    public IReadOnlyList<string> NotMeasured { get; init; } = [];
}
