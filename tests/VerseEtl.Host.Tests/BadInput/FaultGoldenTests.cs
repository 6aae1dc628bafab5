using System.Globalization;
using System.Text;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>
/// Every fault, made by hand and met by a whole run: code, severity, message, exit code and the scan's status stand in
/// faults.golden.txt (UPDATE_GOLDEN=1 rewrites it), and the rows of the scan beside it are those of a clean run.
/// </summary>
public sealed class FaultGoldenTests(FaultGoldenTests.Golden golden) : IClassFixture<FaultGoldenTests.Golden>
{
    /// <summary>Faults without a case here, and the test that triggers each.</summary>
    private static readonly Dictionary<Fault, string> Elsewhere = new()
    {
        [Faults.TreeUnreadable] = "SourceFailureTests: a file that another user owns, in a process of its own",
        [Faults.TreeUnseen] = "SourceFailureTests: a disk that fails when a folder is looked at",
        [Faults.MskGap] = Quality, [Faults.MskFragment] = Quality, [Faults.MskTiny] = Quality,
        [Faults.MskVolumeOutlier] = Quality, [Faults.MskTouchesBorder] = Quality, [Faults.MskSpread] = Quality, [Faults.MskThinBody] = Quality,
        [Faults.CtdRange] = Quality, [Faults.CtdNotInMask] = Quality, [Faults.CtdNotAnnotated] = Quality,
        [Faults.CtdOutsideLabel] = Quality, [Faults.CtdFar] = Quality, [Faults.SpnLevels] = Quality, [Faults.HgtNone] = Quality,
        [Faults.LblUpsideDown] = Damaged, [Faults.LblOrder] = Damaged, [Faults.LblFrontBack] = Damaged, [Faults.LblExtent] = Damaged,
        [Faults.LblVolume] = Damaged, [Faults.LblSpacing] = Damaged, [Faults.LblRegion] = Damaged, [Faults.LblRange] = Damaged,
        [Faults.TreeDupContent] = Quality, [Faults.DriftScans] = Quality, [Faults.DriftStatistic] = Quality,
        [Faults.SnapshotMended] = "BrokenWarehouseTests: needs a warehouse that was broken before",
        [Faults.MskParts] = Own, [Faults.MskPartsOverlap] = Own, [Faults.MskLabelLeftOut] = Own, [Faults.TreeLabelsUnknown] = Own,
        [Faults.CacheCorrupt] = "VerseEtl.Load.Tests: the scan cache",
        [Faults.AudDiffers] = Audit, [Faults.AudReference] = Audit, [Faults.AudScanMissing] = Audit, [Faults.AudScanElsewhere] = Audit,
        [Faults.AudScanUnexpected] = Audit, [Faults.AudNotVerse] = Audit,
    };

    // the catalogue lets these be a warning, or a note, where little is lost
    private static readonly string[] LeftToCircumstances = [Faults.CtNonfinite.Code, Faults.Nii2d.Code, Faults.GzTrailing.Code];

    private const string Quality = "VerseEtl.Transform.Tests, Quality", Audit = "VerseEtl.Transform.Tests, Audit",
        Own = "VerseEtl.Extract.Tests, OwnDatasetTests: needs a dataset of one's own",
        Damaged = "VerseEtl.Extract.Tests, DamagedMaskTests";

    private static readonly FaultCase[] Cases = [.. GzipCases.All, .. NiftiCases.All,
        .. VoxelCases.All, .. CentroidCases.All, .. ClinicalCases.All, .. TreeCases.All, .. RunCases.All];

    public static TheoryData<string> Names => [.. Cases.Select(fault => fault.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Each_fault_is_told_and_costs_the_other_scan_nothing(string name)
    {
        FaultCase fault = Cases.Single(candidate => candidate.Name == name);
        RunOutcome clean = await golden.Clean();
        using TwoScans scans = new();
        fault.Break(scans);
        RunOutcome outcome = await scans.Run(fault.With, fault.Options, fault.Measure);

        string section = Section(fault, outcome, clean, scans);
        golden.Met(name, section);
        string told = outcome.Tables is null ? $" {fault.Fault.Code} " : $" {fault.Fault.Code} {fault.Fault.Meaning}";
        string line = Assert.Single(section.Split('\n').Where(line => line.Contains(told, StringComparison.Ordinal)).Take(1));
        if (!LeftToCircumstances.Contains(fault.Fault.Code)) Assert.StartsWith(Word(fault.Fault.Severity), line, StringComparison.Ordinal);
        Assert.Equal(golden.Expected(name), section);
        if (outcome.Tables is null) return;
        Assert.Equal(clean.RowsOf(TwoScans.Sound), outcome.RowsOf(TwoScans.Sound));
        RunReport report = outcome.Report;
        Assert.Equal(report.ScansFound, report.ScansOk + report.ScansWarning + report.ScansFailed + report.ScansExcluded);
        Assert.All(outcome.Tables.Findings, AssertOneLine);
    }

    [Fact]
    public async Task A_clean_run_notices_nothing()
    {
        RunOutcome clean = await golden.Clean();
        Assert.Equal(ExitCode.Done, clean.Report.ExitCode);
        Assert.DoesNotContain(clean.Tables!.Findings, IsOfReading);
        Assert.Equal(4, clean.Tables.Vertebrae.Count);
        Assert.All(clean.Tables.Vertebrae, row => Assert.NotNull(row.BodyHuMean));
    }

    [Fact]
    public void Every_fault_has_a_case_or_is_triggered_elsewhere()
    {
        HashSet<Fault> met = [.. Cases.Select(fault => fault.Fault)];
        Assert.Empty(Faults.All.Where(fault => !met.Contains(fault) && !Elsewhere.ContainsKey(fault))
            .Select(fault => $"{fault.Code} {fault.Severity}: {fault.Meaning}"));
        Assert.Empty(Elsewhere.Keys.Where(met.Contains).Select(fault => fault.Code));
        Assert.Equal(Cases.Length, Cases.Select(fault => fault.Name).Distinct().Count());
    }

    [Fact]
    public async Task A_scan_read_from_head_to_feet_has_the_same_Hounsfield_units()
    {
        RunOutcome clean = await golden.Clean();
        using TwoScans scans = new();
        Cases.Single(candidate => candidate.Name == "CT stored from head to feet").Break(scans);
        RunOutcome turned = await scans.Run();
        Assert.Equal(clean.Tables!.Vertebrae.Select(row => (row.Label, row.MaskHuMean, row.MaskHuStd, row.MaskHuP05, row.BodyHuMean, row.BodyHuVoxels)),
            turned.Tables!.Vertebrae.Select(row => (row.Label, row.MaskHuMean, row.MaskHuStd, row.MaskHuP05, row.BodyHuMean, row.BodyHuVoxels)));
    }

    /// <summary>What was found beyond a clean run, one finding a line.</summary>
    private static string Section(FaultCase fault, RunOutcome outcome, RunOutcome clean, TwoScans scans)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"exit {outcome.Report.ExitCode}, {outcome.Report.Ending}\n");
        foreach (string reason in outcome.Report.Reasons)
            text.Append(CultureInfo.InvariantCulture, $"{Word(fault.Fault.Severity)} {reason.Replace(scans.Source, "<source>", StringComparison.Ordinal)}\n");
        if (outcome.Tables is not { } tables) return text.ToString();
        foreach (ScanRow scan in tables.Scans.Where(scan => scan.ScanId != TwoScans.Sound))
        {
            VertebraRow[] rows = [.. tables.Vertebrae.Where(row => row.ScanKey == scan.ScanKey)];
            text.Append(CultureInfo.InvariantCulture, $"{scan.ScanKey} {scan.Status}, {rows.Length} vertebrae, "
                + $"{rows.Count(row => row.MaskHuMean is not null)} with HU, {rows.Count(row => row.AnnotatedI is not null)} annotated\n");
        }
        HashSet<string> before = [.. clean.Tables!.Findings.Select(finding => finding.Message)];
        foreach (Finding finding in tables.Findings.Where(finding => IsOfReading(finding) && !before.Contains(finding.Message)))
            text.Append(CultureInfo.InvariantCulture, $"{Word(finding.Severity)} {finding.Code} {finding.Message}\n");
        return text.ToString();
    }

    // quality checks and the audit have their own tests
    private static bool IsOfReading(Finding finding) =>
        !Elsewhere.Any(entry => entry.Value is Quality or Audit or Damaged && entry.Key.Code == finding.Code
            && finding.Message.StartsWith(entry.Key.Meaning, StringComparison.Ordinal));

    private static void AssertOneLine(Finding finding)
    {
        Assert.InRange(finding.Message.Length, 1, 400);
        Assert.DoesNotContain(finding.Message, char.IsControl);
        Assert.DoesNotContain("/tmp", finding.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("John", finding.Message, StringComparison.Ordinal);
    }

    private static string Word(Severity severity) => severity.ToString().ToLowerInvariant();

    /// <summary>The golden text by case, and the outcome of one clean run to compare with.</summary>
    public sealed class Golden : IDisposable
    {
        private readonly Lazy<Task<RunOutcome>> _clean = new(async () =>
        {
            using TwoScans scans = new();
            return await scans.Run();
        });

        private readonly Dictionary<string, string> _expected = GoldenFile.Read();
        private readonly SortedDictionary<string, string> _met = new(StringComparer.Ordinal);
        private readonly bool _update = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

        internal Task<RunOutcome> Clean() => _clean.Value;

        internal string? Expected(string name) => _update ? _met[name] : _expected.GetValueOrDefault(name);

        internal void Met(string name, string section)
        {
            lock (_met) _met[name] = section;
        }

        public void Dispose()
        {
            if (_update && _met.Count == Cases.Length) GoldenFile.Write(Cases.Select(fault => (fault.Name, _met[fault.Name])));
        }
    }
}
