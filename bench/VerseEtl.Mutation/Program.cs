using System.Diagnostics;
using VerseEtl.Mutation;

const string Usage = """
    run [FOLDER...]      runs the mutants of these folders of src/Transform, of all by default, with the cheapest tests that reach them
    again [FOLDER...]    runs those anew that no test killed, with all tests that reach them
    verify COUNT         runs some of them again, each in a process of its own, and prints where that says otherwise
    score                prints the score so far
    """;
// seconds of processor time that the tests of one mutant may take together
const string Cheapest = "2", All = "600";

// the first argument is the folder with Stryker's report and assembly, which eng/mutation knows
string work = Path.GetFullPath(args[0]);
string program = Path.Combine(work, "bin", "VerseEtl.Mutation.dll");
string coverage = Path.Combine(work, "coverage.tsv");
Results results = new(Path.Combine(work, "results.tsv"));
(IReadOnlyList<Mutant> mutants, int notCompiled) = Mutant.Read(Path.Combine(work, "report", "reports", "mutation-report.json"));
Dictionary<int, string> fileOf = mutants.ToDictionary(mutant => mutant.Id, mutant => mutant.File);
MutatedAssembly assembly = new(Path.Combine(work, "VerseEtl.Transform.dll"), Path.Combine(work, "bin", "VerseEtl.Transform.dll"));

switch (args[1..])
{
    case ["cover"]:
        Coverage.Write(coverage, await (await Worker.Start(results)).Cover(fileOf));
        return 0;
    case ["work", string seconds, .. string[] ids]:
        int[] mutantsOfOneFile = [.. ids.Select(id => int.Parse(id, null))];
        await (await Worker.Start(results)).Run(mutantsOfOneFile, Tests(test => test.Files.Contains(fileOf[mutantsOfOneFile[0]]), seconds));
        return 0;
    case ["alone", string seconds, string id, string file]:
        int mutant = int.Parse(id, null);
        // what fills static fields may be asked by any test, beyond those of its file
        bool once = results.Read().GetValueOrDefault(mutant).Verdict == Verdict.RunsOnce;
        await (await Worker.Start(new Results(file))).RunAlone(mutant, Tests(test => once || test.Files.Contains(fileOf[mutant]), seconds));
        return 0;
    case ["verify", string count]:
        return Verify(int.Parse(count, null));
    case ["score"]:
        break;
    case ["again", .. string[] folders]:
        foreach ((int id, (Verdict verdict, _)) in results.Read())
        {
            if (IsIn(id, folders) && verdict is Verdict.Survived or Verdict.NotReached) results.Add(id, Verdict.Begun);
        }

        if (!Run(folders, All)) return 1;
        break;
    case []:
        if (!Run([], Cheapest)) return 1;
        break;
    case ["run", .. string[] folders]:
        if (!Run(folders, Cheapest)) return 1;
        break;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

Score.Print(mutants, notCompiled, results.Read());
string survivors = Path.Combine(work, "survivors.tsv");
File.WriteAllLines(survivors, Score.Survivors(mutants, results.Read()));
Console.WriteLine($"what no test killed: {survivors}");
return 0;

bool IsIn(int id, string[] folders) => folders.Length == 0 || folders.Contains(fileOf[id].Split('/')[0]);

// the cheapest tests first, as long as they take no more seconds of processor time together
string[] Tests(Func<Coverage, bool> chosen, string seconds)
{
    double left = double.Parse(seconds, null);
    return [.. Coverage.Read(coverage).Where(chosen).OrderBy(test => test.Seconds).TakeWhile(test => (left -= test.Seconds) > 0).Select(test => test.Test)];
}

// a ninth of each file's mutants, then the next: where a run was stopped, what it did is a fair sample
bool Run(string[] folders, string seconds)
{
    CopyProgram();
    return Enumerable.Range(0, 9).All(ninth => mutants
        .Where(mutant => mutant.Id % 9 == ninth && IsIn(mutant.Id, folders)).GroupBy(mutant => mutant.File)
        .All(file => RunFile(file.Key, [.. file.Select(mutant => mutant.Id)], seconds)));
}

bool RunFile(string file, int[] ids, string seconds)
{
    if (Having(Verdict.Begun) is []) return true;
    assembly.Ask(ids.ToHashSet());
    while (Having(Verdict.Begun) is [_, ..] missing)
    {
        Console.WriteLine($"{file}: {missing.Length} to run");
        if (Ends(["work", seconds, .. missing.Select(id => Invariant($"{id}"))])) continue;
        if (results.LastBegun() is not { } ended) return false;
        results.Add(ended, Verdict.Killed, "(the process ends)");
    }

    foreach (int id in Having(Verdict.RunsOnce)) RunAlone(id, seconds, results.Path);
    return true;

    int[] Having(Verdict verdict)
    {
        Dictionary<int, (Verdict Verdict, string Test)> known = results.Read();
        return [.. ids.Where(id => known.GetValueOrDefault(id).Verdict == verdict)];
    }
}

// a sample of verdicts, and what a process that has run no other mutant says
int Verify(int count)
{
    CopyProgram();
    string file = Path.Combine(work, "verified.tsv");
    File.Delete(file);
    Dictionary<int, (Verdict Verdict, string Test)> known = results.Read();
    int[] sample = [.. mutants.Select(mutant => mutant.Id).Where(id => known.GetValueOrDefault(id).Verdict is Verdict.Killed or Verdict.Survived)];
    new Random(20261127).Shuffle(sample);
    int different = 0;
    foreach (int id in sample.Take(count))
    {
        assembly.Ask(new HashSet<int> { id });
        RunAlone(id, Cheapest, file);
        Verdict alone = new Results(file).Read()[id].Verdict;
        if ((known[id].Verdict == Verdict.Survived) == (alone == Verdict.Survived)) continue;
        different++;
        Console.WriteLine($"{mutants.Single(mutant => mutant.Id == id)}: {known[id]}, alone {alone}");
    }

    Console.WriteLine($"{different} of {count} differ");
    return different == 0 ? 0 : 1;
}

void RunAlone(int id, string seconds, string file)
{
    if (!Ends(["alone", seconds, Invariant($"{id}"), file])) new Results(file).Add(id, Verdict.Killed, "(the process ends)");
}

// this program with its assemblies, in which the mutated one takes its place, and what each test reaches
void CopyProgram()
{
    foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
    {
        string copy = Path.Combine(Path.GetDirectoryName(program)!, Path.GetRelativePath(AppContext.BaseDirectory, file));
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(file, copy, true);
    }

    string tests = Path.Combine(AppContext.BaseDirectory, "VerseEtl.Transform.Tests.dll");
    if (File.Exists(coverage) && File.GetLastWriteTimeUtc(coverage) > File.GetLastWriteTimeUtc(tests)) return;
    assembly.AskOncePerCall(fileOf.Keys.ToHashSet());
    if (!Ends(["cover"])) throw new InvalidOperationException("the tests do not pass");
}

bool Ends(string[] arguments)
{
    ProcessStartInfo start = new("dotnet", [program, work, .. arguments]);
    // a mutant that asks for all memory gets an exception, not the machine
    start.Environment["DOTNET_GCHeapHardLimit"] = "0x60000000";
    using Process process = Process.Start(start)!;
    process.WaitForExit();
    return process.ExitCode == 0;
}
