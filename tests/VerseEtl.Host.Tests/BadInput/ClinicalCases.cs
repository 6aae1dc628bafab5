using System.Text;
using VerseEtl.Extract.Clinical;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Tables;

namespace VerseEtl.Host.Tests.BadInput;

/// <summary>Clinical files as they should not be.</summary>
internal static class ClinicalCases
{
    private const string File = "clinical.csv", Head = "id,name,age,sex\n", Upper = "verse001,John Doe,61,f\n", Lower = "verse002,John Doe,62,m\n";

    public static IEnumerable<FaultCase> All =>
    [
        new("no clinical file", Faults.ClnFile, _ => { }) { With = Declared },
        new("clinical file in Latin-1", Faults.ClnEncoding, scans =>
            scans.Write(File, Encoding.Latin1.GetBytes(Head + Upper + "verse002,J\u00f6hn,62,m\n"))) { With = Declared },
        Text("clinical file with a quote that does not end", Faults.ClnFormat, Head + Upper + "verse002,\"John,62,m\n"),
        Text("clinical file without a declared column", Faults.ClnColumn, "id,name,sex\nverse001,John Doe,f\nverse002,John Doe,m\n"),
        Text("clinical row with a comma too many", Faults.ClnRow, Head + Upper + "verse002,Doe, John,62,m\n"),
        Text("clinical age that is a text", Faults.ClnCell, Head + Upper + "verse002,John Doe,about 60 (John),m\n"),
        Text("clinical key in two rows", Faults.ClnDuplicateKey, Head + Upper + Lower + "sub-verse002,John Doe,63,m\n"),
        Text("clinical row of nobody here", Faults.ClnNoScan, Head + Upper + Lower + "John Doe,,64,m\n"),
        Text("scan without a clinical row", Faults.ClnNoRow, Head + Upper),
    ];

    private static FaultCase Text(string name, Fault fault, string text) => new(name, fault, scans => scans.Write(File, text)) { With = Declared };

    private static Host.Configuration.Pipeline Declared(Host.Configuration.Pipeline pipeline) => pipeline with
    {
        Source = pipeline.Source with
        {
            Clinical =
            [
                new ClinicalFile
                {
                    Path = Path.Join(pipeline.Source.Path, File), Name = File, Key = ClinicalFile.SeriesId, KeyHeader = "id",
                    Columns =
                    [
                        new ClinicalColumn("age_years", ClinicalTypes.Whole32, "age at the scan") { File = File, Header = "age", Unit = "year" },
                        new ClinicalColumn("sex", ClinicalTypes.Text, "f or m") { File = File, Header = "sex" },
                    ],
                },
            ],
        },
    };
}
