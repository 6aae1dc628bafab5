using System.Globalization;
using System.Runtime.CompilerServices;
using VerseEtl.Load.Publishing;
using VerseEtl.Load.Storage;

namespace VerseEtl.Load.Tests.Publishing;

/// <summary>
/// This test program as a writer in a process of its own: it can be killed, stopped and raced. Started with VERSEETL_TEST_WORKER set to
/// `warehouse|run id|run key|seed|step to stop at|kill or wait|bytes in reserve`; ends with 0 published, 1 unchanged, 2 already published, 3 overtaken,
/// 40 storage.
/// Set to `loop` it takes one such line after another from standard input and prints each ending; set to `faults|...` it is a <see cref="FaultSweep"/>.
/// </summary>
internal static class PublishWorker
{
    public const string Variable = "VERSEETL_TEST_WORKER", Loop = "loop";

    [ModuleInitializer]
    internal static void RunIfAsked()
    {
        string? task = Environment.GetEnvironmentVariable(Variable);
        if (task is null) return;
        if (task == Loop) Environment.Exit(TakeLines());
        if (task.StartsWith(FaultSweep.Task, StringComparison.Ordinal)) Environment.Exit(FaultSweep.Run(task.Split('|')));
        Environment.Exit(Publish(task));
    }

    private static int TakeLines()
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is string line) Console.WriteLine(Publish(line));
        return 0;
    }

    private static int Publish(string task)
    {
        string[] parts = task.Split('|');
        return Publish(parts[0], parts[1], parts[2].Length == 0 ? null : parts[2], int.Parse(parts[3], CultureInfo.InvariantCulture),
            parts[4], parts[5], long.Parse(parts[6], CultureInfo.InvariantCulture));
    }

    public static string Line(string warehouse, string runId, string? runKey = null,
        int seed = 1, string step = "", string action = "", long reserve = 1 << 20) =>
        string.Create(CultureInfo.InvariantCulture, $"{warehouse}|{runId}|{runKey}|{seed}|{step}|{action}|{reserve}");

    public static System.Diagnostics.Process Start(string warehouse, string runId, string? runKey = null,
        int seed = 1, string step = "", string action = "", long reserve = 1 << 20, params string[] wrapper) =>
        StartTask(Line(warehouse, runId, runKey, seed, step, action, reserve), wrapper);

    public static System.Diagnostics.Process StartTask(string task, params string[] wrapper)
    {
        string program = Environment.ProcessPath!;
        string[] command = [.. wrapper, program];
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") command = [.. command, typeof(PublishWorker).Assembly.Location];
        System.Diagnostics.ProcessStartInfo start =
            new(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[Variable] = task;
        // it ends before a second compilation pays
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        return System.Diagnostics.Process.Start(start)!;
    }

    private static int Publish(string path, string runId, string? runKey, int seed, string stop, string action, long reserve)
    {
        int tables = 0;
        try
        {
            Warehouse warehouse = Warehouse.Open(path, new WarehouseOptions
            {
                ReserveBytes = reserve,
                KeepNewest = 2,
                KeepYoungerThan = TimeSpan.Zero,
                AtStep = step =>
                {
                    if (step != stop || (step == PublishSteps.TableWritten && ++tables != 3)) return;
                    if (action == "kill") System.Diagnostics.Process.GetCurrentProcess().Kill();
                    Console.WriteLine("waiting");
                    Console.ReadLine();
                },
            });
            Proof proof = warehouse.Prove(everything: false, CancellationToken.None).GetAwaiter().GetResult();
            return (int)warehouse.Publish(Requests.Of(runId, seed, runKey) with { Mends = proof.Unmended }, CancellationToken.None)
                .GetAwaiter().GetResult().Ending;
        }
        catch (StorageException e)
        {
            Console.Error.WriteLine($"{e.Code}: {e.Message}");
            return 40;
        }
    }
}
