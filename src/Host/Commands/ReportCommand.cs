using System.CommandLine;
using System.Text;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Flow;
using VerseEtl.Host.ReportPage;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>`report`: one scan as one HTML file.</summary>
internal static class ReportCommand
{
    public static Command Build(CommandSetup setup)
    {
        WarehouseChoice choice = new(setup);
        Argument<string> scan = new("scan") { HelpName = "scan", Description = "Its key, or the last part of it where only one scan has it" };
        scan.Validators.Add(UsageErrors.RefuseOptions);
        Option<string> to = new("--to", "-o") { HelpName = "file", Required = true, Description = "HTML file to write" };
        Command command = new("report", "Write what is known of one scan as one HTML file, with its picture")
        {
            scan, choice.Pipeline, choice.Folder, choice.SourceOfPreviews, to, choice.Sequence,
        };
        return choice.Command(setup.Acting(command), async context =>
        {
            CommandContext typed = context.Command;
            Snapshot snapshot = context.Snapshot(typed.Value(choice.Sequence));
            string file = Path.GetFullPath(typed.Value(to)!);
            if (PathRules.IsInside(PathRules.RealPath(file), context.Warehouse.Root))
                throw new UsageException("the file would lie inside the warehouse; put it elsewhere");
            SnapshotReports reports = new(context.Pipeline, snapshot);
            (string? key, string whyNot) = ScanNames.Find(reports.Names(context.Token), typed.Required(scan));
            if (key is null) throw new UsageException(whyNot);
            ScanReport report = (await reports.Of(key, reports.Ranges(context.Token), context.Token))!;
            string page = await ReportDocument.Render(report);
            WholeFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(page)));
            string[] missing = report.Picture.Source is null ? [report.Picture.WhyNot] : [];
            return context.Reply.With(new { Scan = key, snapshot.Sequence, File = file, Picture = missing.Length == 0 },
                [Invariant($"{key}, snapshot {snapshot.Sequence}, in {file}"), .. missing]);
        });
    }
}
