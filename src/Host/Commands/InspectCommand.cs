using System.CommandLine;

namespace VerseEtl.Host.Commands;

/// <summary>`inspect`: what one mask holds.</summary>
internal static class InspectCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Argument<string> file = new("file") { Description = "A mask, .nii.gz or .nii" };
        file.Validators.Add(UsageErrors.RefuseOptions);
        Command command = new("inspect", "Show header, geometry, labels and volumes of one mask") { file };
        command.SetAction(int (parsed) => throw new NotSupportedException());
        return command;
    }
}
