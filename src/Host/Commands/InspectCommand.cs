using System.CommandLine;
using VerseEtl.Extract;
using VerseEtl.Extract.Scans;
using VerseEtl.Host.Configuration;
using VerseEtl.Host.Objects;
using VerseEtl.Host.Display;
using VerseEtl.Transform.Findings;
using VerseEtl.Transform.Pictures;

namespace VerseEtl.Host.Commands;

/// <summary>`inspect`: what one mask holds.</summary>
internal static class InspectCommand
{
    public static Command Build(CommandSetup setup)
    {
        Argument<string> file = new("file") { Description = "A mask, .nii.gz or .nii" };
        file.Validators.Add(UsageErrors.RefuseOptions);
        Option<string> preview = new("--preview") { HelpName = "png", Description = "Paint the labelled spine, sagittal and coronal, to this file" };
        Option<string> ct = new("--ct") { HelpName = "file", Description = "The CT to paint it over; with --preview" };
        Command command = new("inspect", "Show header, geometry, labels and volumes of one mask") { file, preview, ct };
        return setup.Command(command, context =>
        {
            string? picture = context.Value(preview), over = context.Value(ct);
            if (over is not null && picture is null) throw new UsageException("--ct needs --preview: nothing else is shown of a CT");
            return Inspect(context, context.Required(file), picture, over);
        });
    }

    private static int Inspect(CommandContext context, string path, string? picture, string? ct)
    {
        if (Directory.Exists(path))
            return context.Reply.Failure(ExitCode.Configuration, $"{path}: it is a folder; name one mask in it, or let `plan --source` tell what is in it");
        if (ObjectUrl.IsMeant(path) || ObjectUrl.IsMeant(ct ?? ""))
            return context.Reply.Failure(ExitCode.Configuration,
                "inspect reads files of this machine; fetch the object, or let `plan --source` tell what is there");
        if (!File.Exists(path)) return context.Reply.Failure(ExitCode.SourceUnavailable, $"{path}: there is no such file");
        if (ct is not null && !File.Exists(ct)) return context.Reply.Failure(ExitCode.SourceUnavailable, $"{ct}: there is no such file");
        ReadingLimits limits = new() { AcceptPlain = true };
        MaskInspection mask;
        MaskPreview? preview;
        try
        {
            string real = PathRules.RealPath(path);
            mask = MaskInspection.Read(real, limits, context.Token);
            preview = picture is null ? null : MaskPreview.Read(real, ct is null ? null : PathRules.RealPath(ct), limits, context.Token);
        }
        catch (IOException error)
        {
            return context.Reply.Failure(ExitCode.SourceUnavailable, $"{path} cannot be read: {error.Message}");
        }
        if (preview is not null) mask = mask.With(preview.Findings);
        int code = mask.Findings.Any(finding => finding.Severity == Severity.Error) ? ExitCode.PublishedWithErrors : ExitCode.Done;
        if (preview?.Png is byte[] png) WholeFile.Write(Path.GetFullPath(picture!), stream => stream.Write(png));
        if (context.Json)
        {
            context.Terminal.Out.WriteLine(InspectionText.Json(path, mask, preview, code));
            return code;
        }
        InspectionText.Write(path, mask, context.Terminal.Tell);
        if (preview is null) return code;
        if (preview.Panels is Picture panels) BlockPicture.Write(panels, context.Terminal.OutConsole());
        string file = preview.Png is null ? "none: there is nothing to show" : Finding.OneLine(picture!);
        context.Terminal.Out.WriteLine($"  picture      {file}");
        return code;
    }
}
