using System.CommandLine;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Display;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`inspect`: what one mask holds.</summary>
internal static class InspectCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Argument<string> file = new("file") { Description = "A mask, .nii.gz or .nii" };
        file.Validators.Add(UsageErrors.RefuseOptions);
        Command command = new("inspect", "Show header, geometry, labels and volumes of one mask") { file };
        command.SetAction((parsed, token) => Task.FromResult(Inspect(parsed.GetValue(file)!, parsed.GetValue(options.Json), terminal, token)));
        return command;
    }

    private static int Inspect(string path, bool json, Terminal terminal, CancellationToken token)
    {
        MaskInspection mask;
        try
        {
            mask = MaskInspection.Read(PathRules.RealPath(path), new ReadingLimits { AcceptPlain = true }, token);
        }
        catch (IOException error)
        {
            return Failure.Write(terminal, json, ExitCode.SourceUnavailable, $"{path} cannot be read: {error.Message}");
        }
        int code = mask.Findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.PublishedWithErrors : ExitCode.Done;
        if (json) terminal.Out.WriteLine(InspectionText.Json(path, mask, code));
        else InspectionText.Write(path, mask, terminal.Out);
        return code;
    }
}
