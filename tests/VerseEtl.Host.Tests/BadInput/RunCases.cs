using VerseEtl.Extract.Scans;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Scans;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>What a run itself can meet.</summary>
internal static class RunCases
{
    public static IEnumerable<FaultCase> All =>
    [
        new("an unexpected error", Faults.IntUnexpected, _ => { })
        {
            Measure = (files, limits, token) => TreeCases.IsBroken(files)
                ? throw new InvalidOperationException("John Doe")
                : new ScanMeasuring().Measure(files, limits, token),
        },
        new("a painter that fails", Faults.PicFailed, _ => { })
        {
            With = pipeline => pipeline with { Reading = pipeline.Reading with { Pictures = true } },
            Measure = (files, limits, token) => (TreeCases.IsBroken(files)
                ? new ScanMeasuring { Pack = (_, _) => throw new InvalidOperationException("John Doe") }
                : new ScanMeasuring()).Measure(files, limits, token),
        },
        new("a result under another scan's key", Faults.RunConservation, _ => { })
        {
            Measure = (files, limits, token) => new ScanMeasuring().Measure(TreeCases.IsBroken(files)
                ? files with { Key = new ScanKey(files.Key.Dataset, files.Key.Split, TwoScans.Sound) }
                : files, limits, token),
        },
        new("storage fails for all", Faults.RunBreaker, _ => { }) { Measure = (_, _, _) => throw new IOException("Input/output error") },
    ];
}
