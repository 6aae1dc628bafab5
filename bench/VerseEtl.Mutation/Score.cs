namespace VerseEtl.Mutation;

/// <summary>What the verdicts come to.</summary>
internal static class Score
{
    /// <summary>
    /// A Markdown table, a row a folder. Where not all mutants have run, files weigh as many as they have, and the score comes with half the
    /// width of its 95 % interval.
    /// </summary>
    public static void Print(IReadOnlyList<Mutant> mutants, int notCompiled, IReadOnlyDictionary<int, (Verdict Verdict, string Test)> results)
    {
        Console.WriteLine("| folder | mutants | run | killed | endless | survived | not reached | score |\n|---|---|---|---|---|---|---|---|");
        foreach (IGrouping<string, Mutant> folder in mutants.GroupBy(mutant => mutant.Folder).OrderBy(folder => folder.Key, StringComparer.Ordinal))
            Print($"`{folder.Key}`", [.. folder]);
        Print("all", mutants);
        Console.WriteLine(Invariant($"{notCompiled} more could not be compiled"));

        void Print(string name, IReadOnlyList<Mutant> some)
        {
            int Count(IEnumerable<Mutant> of, params Verdict[] verdicts) => of.Count(mutant => verdicts.Contains(results.GetValueOrDefault(mutant.Id).Verdict));
            int Run(IEnumerable<Mutant> of) => Count(of, Verdict.Killed, Verdict.Endless, Verdict.Survived, Verdict.NotReached);
            (double Size, double Run, double Detected)[] files =
            [
                .. from file in some.GroupBy(mutant => mutant.File)
                   where Run(file) > 0
                   select ((double)file.Count(), (double)Run(file), (double)Count(file, Verdict.Killed, Verdict.Endless)),
            ];
            if (files is []) return;
            double size = files.Sum(file => file.Size), score = files.Sum(file => file.Size * file.Detected / file.Run) / size;
            // as if one more had been found and one more not, since none of a few says little
            double run = files.Sum(file => file.Run), likely = (score * run + 1) / (run + 2);
            double variance = files.Sum(file => file.Size * (file.Size - file.Run) / file.Run) * likely * (1 - likely) / (size * size);
            Console.WriteLine(Invariant($"| {name} | {some.Count} | {Run(some)} | {Count(some, Verdict.Killed)} | {Count(some, Verdict.Endless)} | ")
                + Invariant($"{Count(some, Verdict.Survived)} | {Count(some, Verdict.NotReached)} | {100 * score:F1} %")
                + (variance > 0 ? Invariant($" ± {196 * Math.Sqrt(variance):F1} |") : " |"));
        }
    }

    /// <summary>The mutants that no test killed, a line each: id, verdict, place, what was there and what the mutant has in its place.</summary>
    public static IEnumerable<string> Survivors(IReadOnlyList<Mutant> mutants, IReadOnlyDictionary<int, (Verdict Verdict, string Test)> results) =>
        from mutant in mutants
        where results.GetValueOrDefault(mutant.Id).Verdict is Verdict.Survived or Verdict.NotReached
        orderby mutant.File, mutant.Line, mutant.Id
        select Invariant($"{mutant.Id}\t{results[mutant.Id].Verdict}\t{mutant}");
}
