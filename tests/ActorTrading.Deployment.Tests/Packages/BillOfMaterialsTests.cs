using System.Text.Json;
using ActorTrading.TestKit;

namespace ActorTrading.Deployment.Tests.Packages;

/// <summary>The bill of materials (SBOM), created as docs/building.md describes.</summary>
public sealed class BillOfMaterialsTests
{
    private const string Host = "src/ActorTrading.Host/ActorTrading.Host.csproj";

    [SkippableFact]
    public async Task BillOfMaterials_NamesEveryPackageOfTheHost_WithVersionHashAndAddress()
    {
        var tool = await Tools.RunAsync("dotnet", "tool", "restore");
        Skip.If(tool.ExitCode != 0, $"the tool of .config/dotnet-tools.json is not to be had: {tool.Output}{tool.Error}");
        using var folder = new TemporaryFolder();
        await Tools.OutputAsync(
            "dotnet", "dotnet-CycloneDX", Host, "--output", folder.Path, "--filename", "bom.json", "--output-format", "Json");
        using var bill = JsonDocument.Parse(File.ReadAllBytes(folder.File("bom.json")));
        var components = bill.RootElement.GetProperty("components").EnumerateArray().ToDictionary(
            component => $"{component.GetProperty("name").GetString()}/{component.GetProperty("version").GetString()}",
                StringComparer.OrdinalIgnoreCase);
        var needed = Packages();

        Assert.True(needed.Count > 40, $"{needed.Count} packages");
        Assert.DoesNotContain(needed, package => !components.ContainsKey(package));
        Assert.All(needed, package =>
        {
            Assert.Equal($"pkg:nuget/{package.Replace('/', '@')}", components[package].GetProperty("purl").GetString(), ignoreCase: true);
            Assert.NotEmpty(components[package].GetProperty("hashes").EnumerateArray());
        });
    }

    /// <summary>The packages that the host was built with, including transitive ones, as <c>name/version</c>.</summary>
    private static List<string> Packages()
    {
        using var built = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "actortrading.deps.json")));
        return
        [
            .. built.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package").Select(library => library.Name),
        ];
    }
}
