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
    public static Command Build(CommandSetup setup)
    {
        Argument<string> file = new("file") { Description = "A mask, .nii.gz or .nii" };
        file.Validators.Add(UsageErrors.RefuseOptions);
        Command command = new("inspect", "Show header, geometry, labels and volumes of one mask") { file };
        return setup.Command(command, context => Inspect(context, context.Required(file)));
    }

    private static int Inspect(CommandContext context, string path)
    {
        if (Directory.Exists(path))
            return context.Reply.Failure(ExitCode.Configuration, $"{path}: it is a folder; name one mask in it, or let `plan --source` tell what is in it");
        if (!File.Exists(path)) return context.Reply.Failure(ExitCode.SourceUnavailable, $"{path}: there is no such file");
        MaskInspection mask;
        try
        {
            mask = MaskInspection.Read(PathRules.RealPath(path), new ReadingLimits { AcceptPlain = true }, context.Token);
        }
        catch (IOException error)
        {
            return context.Reply.Failure(ExitCode.SourceUnavailable, $"{path} cannot be read: {error.Message}");
        }
        int code = mask.Findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.PublishedWithErrors : ExitCode.Done;
        if (context.Json) context.Terminal.Out.WriteLine(InspectionText.Json(path, mask, code));
        else InspectionText.Write(path, mask, context.Terminal.Out);
        return code;
    }
}
