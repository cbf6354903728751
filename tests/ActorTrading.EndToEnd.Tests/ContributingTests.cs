using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>The recipes of CONTRIBUTING.md.</summary>
public sealed partial class ContributingTests
{
    private static readonly string Repository = ReferenceData.RepositoryFolder();

    private static readonly string Text = File.ReadAllText(Path.Combine(Repository, "CONTRIBUTING.md"));

    private const string Project =
        """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>
          <ItemGroup><ProjectReference Include="../ActorTrading.Domain/ActorTrading.Domain.csproj" /></ItemGroup>
        </Project>
        """;

    /// <summary>Prints the values of the indicator over three bars, and whether a plan with a rule on it can be read.</summary>
    private const string Program =
        """
        using ActorTrading.Domain.Bars;
        using ActorTrading.Domain.Indicators;
        using ActorTrading.Domain.Plans;

        IndicatorSpec.TryParse("ratio(2)", out var spec, out _);
        var layout = new StateLayout();
        var indicator = spec!.Kind.Create(new Arguments(spec.Arguments), layout);
        var state = new long[layout.Words];
        foreach (var close in new[] { 2_00000000L, 3_00000000L, 5_00000000L })
        {
            var values = new[] { Indicator.Absent };
            indicator.Step(new Bar { Close = close }, state, values);
            Console.Write($"{values[0]} ");
        }

        Console.WriteLine(Plan.Parse("{\"frames\":[\"1min\"],\"rules\":[\"buy when ratio(10) > 1.02 on 1min\"]}").Settings.Rules.Count);
        """;

    [SkippableFact]
    public async Task SampleIndicator_AddedByTheRecipe_Works()
    {
        LongTests.SkipInShortRun();
        using var folder = new TemporaryFolder();
        Copy("src/ActorTrading.Domain", folder.Path);
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", ".editorconfig", "global.json", "README.md"])
            File.Copy(Path.Combine(Repository, file), Path.Combine(folder.Path, file));
        var blocks = CodeBlocks().Matches(Text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(2, blocks.Count);
        var indicators = Path.Combine(folder.Path, "src/ActorTrading.Domain/Indicators");
        File.WriteAllText(Path.Combine(indicators, "Ratio.cs"), Unindented(blocks[0]));
        var registry = Path.Combine(indicators, "IndicatorRegistry.cs");
        File.WriteAllText(registry, File.ReadAllText(registry).Replace("    ];", blocks[1] + "    ];", StringComparison.Ordinal));
        var program = Directory.CreateDirectory(Path.Combine(folder.Path, "src/Sample")).FullName;
        File.WriteAllText(Path.Combine(program, "Sample.csproj"), Project);
        File.WriteAllText(Path.Combine(program, "Program.cs"), Program);

        var (code, output) = await RunAsync(program, "run", "-c", "Release");

        Assert.True(code == 0, output);
        Assert.EndsWith("NaN NaN 2.5 1", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryFileAndFolderThatIsNamed_IsThere()
    {
        var paths = Paths().Matches(Text).Select(match => match.Groups[1].Value.Split('#')[0]).Distinct().ToList();
        Assert.True(paths.Count > 15, string.Join(' ', paths));
        Assert.All(paths, path => Assert.True(Path.Exists(Path.Combine(Repository, path)), path));
    }

    private static void Copy(string folder, string into)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository, folder), "*", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(Repository, file);
            if (path.Split(Path.DirectorySeparatorChar) is var parts && (parts.Contains("bin") || parts.Contains("obj"))) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(into, path))!);
            File.Copy(file, Path.Combine(into, path));
        }
    }

    private static string Unindented(string block) => string.Join('\n', block.Split('\n').Select(line => line.Length > 3 ? line[3..] : ""));

    private static async Task<(int Code, string Output)> RunAsync(string folder, params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", words)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }

    [GeneratedRegex("""```csharp\n(.*?)   ```""", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();

    /// <summary>Paths from the root of the repository, in back quotes or as links.</summary>
    [GeneratedRegex("""[`(]((?:src|tests|docs)/[\w./-]+(?:#[\w-]+)?)[`)]""")]
    private static partial Regex Paths();
}
