using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.Sdk;

namespace VerseEtl.Mutation;

/// <summary>Runs mutants one after another in this process, where the tests are compiled and warm.</summary>
internal sealed class Worker
{
    private readonly TransformTests _tests;
    private readonly Results _results;
    private TimeSpan _deadline = TimeSpan.MaxValue;
    private int _mutant;

    private Worker(TransformTests tests, Results results) => (_tests, _results) = (tests, results);

    /// <summary>A test, what it takes when no mutant is on, and which mutants it reaches.</summary>
    private sealed record Reach(ITestCase Test, TimeSpan Time, long Questions, IReadOnlyList<int> Mutants);

    public static async Task<Worker> Start(Results results) => new(await TransformTests.Discover(), results);

    /// <summary>Runs all tests without a mutant, with an assembly that asks once a method.</summary>
    public async Task<IReadOnlyList<Coverage>> Cover(IReadOnlyDictionary<int, string> files)
    {
        List<Coverage> coverage = [];
        foreach (ITestCase test in _tests.Cases)
        {
            Reach reach = await Measure(test);
            coverage.Add(new Coverage(test.TestCaseDisplayName, reach.Time.TotalSeconds, reach.Mutants.Select(id => files[id]).ToHashSet()));
        }

        return coverage;
    }

    /// <summary>
    /// Runs each mutant with those of the named tests that reach it, in their order. What is reached by filling static fields, which is done
    /// before any mutant is on, runs once a process, and is left to <see cref="RunAlone"/> when it survives.
    /// </summary>
    public async Task Run(IEnumerable<int> mutants, IReadOnlyList<string> names)
    {
        Switch.TakeReached();
        foreach (string name in new[] { "VerseEtl.Transform", "VerseEtl.Transform.Tests", "VerseEtl.Phantoms" })
        {
            foreach (Type type in Assembly.Load(name).GetTypes().Where(type => !type.ContainsGenericParameters))
                RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        }

        HashSet<int> once = [.. Switch.TakeReached()];
        List<Reach> tests = [];
        foreach (ITestCase test in Named(names)) tests.Add(await Measure(test));
        new Thread(Watch) { IsBackground = true }.Start();
        foreach (int id in mutants)
        {
            List<Reach> reaching = [.. tests.Where(test => test.Mutants.Contains(id))];
            (Verdict verdict, string test) = await Judge(id, reaching);
            if (verdict == Verdict.Survived) verdict = once.Contains(id) ? Verdict.RunsOnce : reaching.Count == 0 ? Verdict.NotReached : verdict;
            _results.Add(id, verdict, test);
        }
    }

    /// <summary>Runs the named tests with one mutant that is on from the beginning.</summary>
    public async Task RunAlone(int id, IReadOnlyList<string> names)
    {
        new Thread(Watch) { IsBackground = true }.Start();
        (Verdict verdict, string test) = await Judge(id, [.. Named(names).Select(test => new Reach(test, TimeSpan.FromSeconds(5), 10_000_000, []))]);
        _results.Add(id, verdict, test);
    }

    private IEnumerable<ITestCase> Named(IReadOnlyList<string> names)
    {
        Dictionary<string, ITestCase> cases = _tests.Cases.ToDictionary(test => test.TestCaseDisplayName);
        return names.Select(name => cases[name]);
    }

    private async Task<(Verdict Verdict, string Test)> Judge(int id, IEnumerable<Reach> tests)
    {
        _results.Add(id, Verdict.Begun);
        (_mutant, Switch.Active) = (id, id);
        try
        {
            foreach (Reach test in tests)
            {
                _deadline = Environment.CpuUsage.TotalTime + (10 * test.Time) + TimeSpan.FromSeconds(5);
                Switch.QuestionsLeft = (10 * test.Questions) + 1_000_000;
                bool passes = await _tests.Passes(test.Test);
                if (Switch.QuestionsLeft < 0) return (Verdict.Endless, test.Test.TestCaseDisplayName);
                if (!passes) return (Verdict.Killed, test.Test.TestCaseDisplayName);
            }

            return (Verdict.Survived, "");
        }
        finally
        {
            (Switch.Active, Switch.QuestionsLeft, _deadline) = (-1, long.MaxValue, TimeSpan.MaxValue);
        }
    }

    private async Task<Reach> Measure(ITestCase test)
    {
        Switch.TakeReached();
        (long questions, TimeSpan time) = (Switch.QuestionsLeft, Environment.CpuUsage.TotalTime);
        if (!await _tests.Passes(test)) throw new InvalidOperationException($"{test.TestCaseDisplayName} fails without a mutant");
        return new Reach(test, Environment.CpuUsage.TotalTime - time, questions - Switch.QuestionsLeft, Switch.TakeReached());
    }

    /// <summary>Ends the process when a test takes far more processor time than without the mutant: a loop without a question in it.</summary>
    private void Watch()
    {
        while (true)
        {
            Thread.Sleep(200);
            if (Environment.CpuUsage.TotalTime < _deadline) continue;
            _results.Add(_mutant, Verdict.Endless, "(by processor time)");
            Environment.Exit(0);
        }
    }
}
