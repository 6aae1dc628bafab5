using System.CommandLine;
using System.Globalization;
using VerseEtl.Extract.Sample;
using VerseEtl.Transform.Findings;

namespace VerseEtl.Host.Commands;

/// <summary>`sample`: make the generated dataset in a folder of one's choice.</summary>
internal static class SampleCommand
{
    public static Command Build(CommandOptions options, Terminal terminal)
    {
        Argument<string> directory = new("dir") { Description = "A folder that does not exist yet or is empty" };
        directory.Validators.Add(UsageErrors.RefuseOptions);
        Option<bool> faults = new("--with-faults") { Description = "Add a few broken scans, so that a run has something to find" };
        Command command = new("sample", "Make a generated dataset in VerSe's six folders") { directory, faults };
        command.SetAction((parsed, token) => Task.FromResult(
            Make(parsed.GetValue(directory)!, parsed.GetValue(faults), parsed.GetValue(options.Json), parsed.GetValue(options.Quiet), terminal, token)));
        return command;
    }

    private static int Make(string directory, bool faults, bool json, bool quiet, Terminal terminal, CancellationToken token)
    {
        try
        {
            using StopSignals signals = new();
            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(token, signals.Token);
            if (!quiet) terminal.Error.WriteLine("making scans, about ten seconds");
            try
            {
                SampleReport made = SampleDataset.Write(Path.GetFullPath(directory), new SampleOptions { WithFaults = faults }, progress: null, stop.Token);
                if (json) terminal.Out.WriteLine(Json.Text(new { ExitCode = ExitCode.Done, made.Directory, Scans = made.Scans.Count, made.Files, made.Bytes }));
                else terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{made.Scans.Count} scans in {made.Files} files, {made.Bytes / 1e6:0.0} MB: {Finding.OneLine(made.Directory)}"));
                return ExitCode.Done;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return Failure.Write(terminal, json, signals.Code != 0 ? signals.Code : ExitCode.Interrupted, "stopped; nothing was left behind");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failure.Write(terminal, json, ExitCode.Storage, error.Message);
        }
    }
}
