using Xunit;
using Xunit.Sdk;

namespace ActorTrading.TestKit;

/// <summary>
/// Cases from public reports of users: small inputs, each with its correct result. Their folder is <c>shared/cases</c> beside the
/// repository, or the one in <see cref="Variable"/>.
/// </summary>
public static class SharedCases
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "ACTORTRADING_CASES";

    /// <summary>The folder; null if it does not exist.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests on the cases cannot run on this machine; null if they can.</summary>
    public static string? WhyMissing =>
        Folder is null ? $"no cases: neither {Variable} nor ../shared/cases beside the repository names a folder" : null;

    /// <summary>The path of a file: <c>05-binance-klines/klines.json</c>.</summary>
    public static string PathOf(string file) => Path.Combine(Folder ?? throw new FileNotFoundException(WhyMissing), file);

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named)) return Directory.Exists(named) ? Path.GetFullPath(named) : null;
        var beside = Path.GetFullPath(Path.Combine(ReferenceData.RepositoryFolder(), "..", "shared", "cases"));
        return Directory.Exists(beside) ? beside : null;
    }
}

/// <summary>A fact on the cases: skipped, with the reason, if they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.FactDiscoverer", "xunit.execution.{Platform}")]
public sealed class CaseFactAttribute : FactAttribute
{
    public CaseFactAttribute() => Skip = SharedCases.WhyMissing;
}

/// <summary>A theory on the cases: skipped, with the reason, if they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.TheoryDiscoverer", "xunit.execution.{Platform}")]
public sealed class CaseTheoryAttribute : TheoryAttribute
{
    public CaseTheoryAttribute() => Skip = SharedCases.WhyMissing;
}
