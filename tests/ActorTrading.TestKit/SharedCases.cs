using Xunit;
using Xunit.Sdk;

namespace ActorTrading.TestKit;

/// <summary>
/// The cases made after public reports of users: small inputs, each with what is right. They lie beside the repository in
/// <c>shared/cases</c>, or where <see cref="Variable"/> says.
/// </summary>
public static class SharedCases
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "ACTORTRADING_CASES";

    /// <summary>The folder, or null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Why tests on the cases cannot run here; null where they can.</summary>
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

/// <summary>A fact about the cases: skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.FactDiscoverer", "xunit.execution.{Platform}")]
public sealed class CaseFactAttribute : FactAttribute
{
    public CaseFactAttribute() => Skip = SharedCases.WhyMissing;
}

/// <summary>A theory about the cases: skipped, with the reason, where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
[XunitTestCaseDiscoverer("Xunit.Sdk.TheoryDiscoverer", "xunit.execution.{Platform}")]
public sealed class CaseTheoryAttribute : TheoryAttribute
{
    public CaseTheoryAttribute() => Skip = SharedCases.WhyMissing;
}
