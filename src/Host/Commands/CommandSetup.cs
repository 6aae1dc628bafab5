using System.CommandLine;
using VerseEtl.Host.Configuration;
using VerseEtl.Load.Publishing;

namespace VerseEtl.Host.Commands;

/// <summary>What every command is made with: the options that several share, where answers go, and the clock.</summary>
internal sealed class CommandSetup
{
    public CommandSetup(Terminal terminal, TimeProvider time) => (Terminal, Time, Options) = (terminal, time, new CommandOptions(PipelineNames));

    public Terminal Terminal { get; }
    public TimeProvider Time { get; }
    public CommandOptions Options { get; }

    /// <summary>Names to complete with; none where the file cannot be read.</summary>
    public IEnumerable<string> PipelineNames()
    {
        string path = Terminal.Variable("VERSEETL_CONFIG") ?? PipelinesFile.DefaultName;
        return PipelinesFile.Read(path, Time, out _)?.Pipelines.Select(pipeline => pipeline.Name) ?? [];
    }

    /// <summary>Snapshots to complete with: of every pipeline their names and sequences; none where nothing can be read.</summary>
    public IEnumerable<string> SnapshotNames()
    {
        string path = Terminal.Variable("VERSEETL_CONFIG") ?? PipelinesFile.DefaultName;
        IEnumerable<string> folders = Terminal.Variable("VERSEETL_OUTPUT") is string folder
            ? [folder] : PipelinesFile.Read(path, Time, out _)?.Pipelines.Select(pipeline => pipeline.Load.Path) ?? [];
        Warehouse[] warehouses = [.. folders.Where(Warehouse.Exists).Select(Warehouse.OpenForReading)];
        return warehouses.SelectMany(warehouse => warehouse.Names().Select(named => named.Name)
            .Concat(warehouse.Snapshots().Select(snapshot => Invariant($"{snapshot.Sequence}")))).Append("current").Distinct();
    }

    /// <summary>Commands whose work is more than what they print.</summary>
    private readonly HashSet<Command> _acting = [];

    /// <summary>It changes something, so that its exit code is about that and not about what it prints.</summary>
    public bool Acts(Command command) => _acting.Contains(command);

    /// <summary>Marks a command as one that changes something.</summary>
    public Command Acting(Command command)
    {
        _acting.Add(command);
        return command;
    }

    /// <summary>Gives a command its work. What stops it on purpose becomes its answer here, and nowhere else.</summary>
    public Command Command(Command command, Func<CommandContext, Task<int>> work)
    {
        command.SetAction(async (parsed, token) =>
        {
            CommandContext context = new(this, parsed, token);
            try
            {
                return await work(context);
            }
            catch (UsageException usage)
            {
                return context.Reply.Refusal(usage.Problems);
            }
            catch (WarehouseDamagedException damaged)
            {
                return context.Reply.Failure(ExitCode.Integrity, damaged.Message);
            }
            catch (CommandFailedException failed)
            {
                return context.Reply.Failure(failed.ExitCode, failed.Message);
            }
        });
        return command;
    }

    /// <inheritdoc cref="Command(Command, Func{CommandContext, Task{int}})"/>
    public Command Command(Command command, Func<CommandContext, int> work) => Command(command, context => Task.FromResult(work(context)));
}
