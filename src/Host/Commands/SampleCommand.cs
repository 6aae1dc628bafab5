using System.CommandLine;
using VerseEtl.Host.Display;
using VerseEtl.Host.Flow;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`sample`: make the generated dataset in a folder of one's choice.</summary>
internal static class SampleCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Argument<string> directory = new("dir") { Description = "A folder that does not exist yet or is empty" };
        directory.Validators.Add(UsageErrors.RefuseOptions);
        Command command = new("sample", "Make a generated dataset in VerSe's six folders") { directory };
        command.SetAction(parsed =>
        {
            string path = Path.GetFullPath(parsed.GetValue(directory)!);
            try
            {
                SampleMade made = Stages.WriteSample(path, progress: null, CancellationToken.None);
                if (parsed.GetValue(options.Json)) terminal.Out.WriteLine(Json.Text(new { exit_code = ExitCode.Done, made.Directory, made.Scans, made.Files, made.Bytes }));
                else terminal.Out.WriteLine($"{made.Scans} scans in {made.Files} files ({made.Bytes >> 20} MiB) in {Finding.OneLine(path)}");
                return ExitCode.Done;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                terminal.Error.WriteLine($"{CommandTree.Name}: {Finding.OneLine(error.Message)}");
                return ExitCode.Storage;
            }
        });
        return command;
    }
}
