using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Flow;

/// <summary>Counts the scans done so far; the caller sees to it that one thread at a time adds.</summary>
internal sealed class ScanTally
{
    public int Total { get; private set; }
    public int Done { get; private set; }
    public int Warnings { get; private set; }
    public int Failed { get; private set; }

    public string Text => Invariant($"{Done} of {Total} scans")
        + (Warnings > 0 ? Invariant($", {Warnings} with warnings") : "")
        + (Failed > 0 ? Invariant($", {Failed} failed") : "");

    public void Add(RunStep step)
    {
        if (step is RunStep.Listed listed) (Total, Done, Warnings, Failed) = (listed.Scans, 0, 0, 0);
        if (step is not RunStep.Measured { Result.Scan.Status: string status }) return;
        Done++;
        if (status == ScanStatus.Warning) Warnings++;
        if (status == ScanStatus.Failed) Failed++;
    }
}
