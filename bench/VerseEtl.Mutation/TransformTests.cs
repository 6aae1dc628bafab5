using System.Reflection;
using Xunit;
using Xunit.Runner.Common;
using Xunit.Sdk;
using Xunit.v3;

namespace VerseEtl.Mutation;

/// <summary>The tests of Transform, run in this process, one at a time.</summary>
internal sealed class TransformTests
{
    private readonly ITestFrameworkExecutor _executor;

    private TransformTests(ITestFrameworkExecutor executor, IReadOnlyList<ITestCase> cases) => (_executor, Cases) = (executor, cases);

    public IReadOnlyList<ITestCase> Cases { get; }

    public static async Task<TransformTests> Discover()
    {
        Assembly assembly = Assembly.Load("VerseEtl.Transform.Tests");
        TestContext.SetForInitialization(null, false, false);
        XunitTestFramework framework = new();
        List<ITestCase> cases = [];
        ITestFrameworkDiscoveryOptions options = TestFrameworkOptions.ForDiscovery(new TestAssemblyConfiguration { PreEnumerateTheories = false });
        await framework.GetDiscoverer(assembly).Find(found =>
        {
            cases.Add(found);
            return new ValueTask<bool>(true);
        }, options, null, null);
        return new TransformTests(framework.GetExecutor(assembly), cases);
    }

    /// <summary>Whether the test passes, or skips.</summary>
    public async Task<bool> Passes(ITestCase test)
    {
        TestContext.SetForInitialization(null, false, false);
        Failures failures = new();
        TestAssemblyConfiguration once = new() { StopOnFail = true, MaxParallelThreads = 1 };
        await _executor.RunTestCases([test], failures, TestFrameworkOptions.ForExecution(once), null);
        return !failures.Any;
    }

    private sealed class Failures : IMessageSink
    {
        public bool Any { get; private set; }

        public bool OnMessage(IMessageSinkMessage message)
        {
            Any |= message is ITestFailed or IErrorMessage;
            return !Any;
        }
    }
}
