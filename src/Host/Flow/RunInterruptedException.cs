namespace VerseEtl.Host.Flow;

/// <summary>A run was stopped before its commit, on request; what it had done until then.</summary>
public sealed class RunInterruptedException(RunReport report, OperationCanceledException stopped) : OperationCanceledException(stopped.Message, stopped)
{
    public RunReport Report => report;
}
