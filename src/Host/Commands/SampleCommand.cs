using System.CommandLine;
using VerseEtl.Extract.Sample;
using VerseEtl.Load.Storage;

namespace VerseEtl.Host.Commands;

/// <summary>`sample`: make the generated dataset in a folder of one's choice.</summary>
internal static class SampleCommand
{
    public static Command Build(CommandSetup setup)
    {
        Argument<string> directory = new("dir") { Description = "A folder that does not exist yet or is empty" };
        directory.Validators.Add(UsageErrors.RefuseOptions);
        Option<bool> faults = new("--with-faults") { Description = "Add a few broken scans, so that a run has something to find" };
        Command command = new("sample", "Make a generated dataset in VerSe's six folders") { directory, faults };
        return setup.Command(setup.Acting(command),
            context => Make(context, context.Required(directory), new SampleOptions { WithFaults = context.Value(faults) }));
    }

    private static int Make(CommandContext context, string directory, SampleOptions options)
    {
        using StopSignals stop = new(context.Token);
        if (!context.Value(context.Options.Quiet)) context.Terminal.Error.WriteLine("making scans, about ten seconds");
        try
        {
            SampleReport made = SampleDataset.Write(Path.GetFullPath(directory), options, progress: null, stop.Token);
            return context.Reply.With(new { made.Directory, Scans = made.Scans.Count, made.Files, made.Bytes },
                [Invariant($"{made.Scans.Count} scans in {made.Files} files, {made.Bytes / 1e6:0.0} MB: {made.Directory}")]);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return context.Reply.Failure(stop.ExitCode, "stopped; nothing was left behind");
        }
        catch (Exception error) when (StorageException.Covers(error))
        {
            return context.Reply.Failure(ExitCode.Storage, error.Message);
        }
    }
}
