using System.Diagnostics;
using System.IO.Compression;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorTrading.TestKit;

namespace ActorTrading.EndToEnd.Tests;

/// <summary>
/// The output of <c>dotnet pack</c>, installed from a folder into clean environments and used: the client, and the command line as a tool.
/// </summary>
public sealed partial class PackageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task PackagesAreInstalled_AndTheClientUsesANodeOfTheTool()
    {
        await PackAsync("ActorTrading.Client");
        await PackAsync("ActorTrading.Host");
        var client = Assert.Single(Directory.GetFiles(folder.File("feed"), "ActorTrading.Client.*.nupkg"));
        Assert.Single(Directory.GetFiles(folder.File("feed"), "ActorTrading.Client.*.snupkg"));
        CheckClient(client);
        CheckTool(Directory.GetFiles(folder.File("feed"), "*.nupkg").Single(path => path != client));

        await RunAsync("dotnet", "tool", "install", "ActorTrading", "--tool-path", folder.File("tools"), "--configfile",
            WriteConfig("tools.config", isAlone: true));
        var tool = Path.Combine(folder.File("tools"), OperatingSystem.IsWindows() ? "actortrading.exe" : "actortrading");
        Assert.StartsWith("actortrading ", await RunAsync(tool, "--version"), StringComparison.Ordinal);

        using var node = Start(tool, "node", "--data", folder.File("data"), "--engine", "embedded", "--port", "0", "--http-port", "0");
        try
        {
            var (port, http) = await AddressesAsync(node);
            Directory.CreateDirectory(folder.File("program"));
            folder.Write("program/program.csproj", ProjectOf(VersionOf(client)));
            WriteConfig("program/NuGet.config", isAlone: false);
            folder.Write("program/Program.cs", ProgramOf(port, http));
            await RunAsync("dotnet", "build", folder.File("program"), "-c", "Release", "-v:quiet", "-nologo", "-o", folder.File("built"));
            var said = await RunAsync("dotnet", Path.Combine(folder.File("built"), "program.dll"));
            Assert.Contains("10000 records are durable", said, StringComparison.Ordinal);
            Assert.Matches(@"(?m)^1 2024-07-09T\S+ AAPL (Buy|Sell) ", said);
        }
        finally
        {
            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync();
        }
    }

    private static void CheckClient(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        var metadata = MetadataOf(archive);
        Assert.Equal("ActorTrading.Client", metadata["id"]);
        Assert.Equal("Apache-2.0", metadata["license"]);
        Assert.Equal("README.md", metadata["readme"]);
        Assert.NotEmpty(metadata["description"]);
        Assert.DoesNotContain("dependency", metadata.Keys);
        using (var readme = new StreamReader(archive.GetEntry("README.md")!.Open())) Assert.StartsWith(
            "# ActorTrading.Client", readme.ReadToEnd(), StringComparison.Ordinal);
        var files = archive.Entries.Select(entry => entry.FullName).Where(
            name => name.StartsWith("lib/", StringComparison.Ordinal)).Order();
        Assert.Equal(["lib/net10.0/ActorTrading.Client.dll", "lib/net10.0/ActorTrading.Client.xml"], files);
        using var assembly = new MemoryStream();
        using (var content = archive.GetEntry("lib/net10.0/ActorTrading.Client.dll")!.Open()) content.CopyTo(assembly);
        assembly.Position = 0;
        using var image = new PEReader(assembly);
        Assert.Contains(image.ReadDebugDirectory(), entry => entry.Type == DebugDirectoryEntryType.Reproducible);
    }

    private static void CheckTool(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        var metadata = MetadataOf(archive);
        Assert.Equal(("ActorTrading", "Apache-2.0"), (metadata["id"], metadata["license"]));
        var files = archive.Entries.Select(entry => entry.FullName).ToList();
        Assert.Contains("tools/net10.0/any/actortrading.dll", files);
        foreach (var platform in new[] { "linux-x64", "linux-arm64", "win-x64", "osx-arm64" })
            Assert.Contains(files, name => name.StartsWith($"tools/net10.0/any/runtimes/{platform}/native/", StringComparison.Ordinal)
                && name.Contains("e_sqlite3", StringComparison.Ordinal));
        using var settings = archive.GetEntry("tools/net10.0/any/DotnetToolSettings.xml")!.Open();
        Assert.Equal("actortrading", XDocument.Load(settings).Descendants("Command").Single().Attribute("Name")!.Value);
    }

    private static Dictionary<string, string> MetadataOf(ZipArchive package)
    {
        using var content = package.Entries.Single(entry => entry.Name.EndsWith(".nuspec", StringComparison.Ordinal)).Open();
        return XDocument.Load(content).Descendants().Where(element => !element.HasElements)
            .GroupBy(element => element.Name.LocalName).ToDictionary(group => group.Key, group => group.First().Value);
    }

    private static string VersionOf(string package) => VersionInName().Match(Path.GetFileName(package)).Groups[1].Value;

    private static string ProjectOf(string version) =>
        $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <UseAppHost>false</UseAppHost>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="ActorTrading.Client" Version="{version}" />
          </ItemGroup>
        </Project>
        """;

    /// <summary>The two programs of the readme, one after another, with the ports of the node.</summary>
    private static string ProgramOf(string port, string http)
    {
        var readme = File.ReadAllText(Path.Combine(Root(), "src", "ActorTrading.Client", "README.md"));
        var programs = CodeBlock().Matches(readme).Select(block => block.Groups[1].Value).ToList();
        Assert.Equal(2, programs.Count);
        return string.Join('\n', programs).Replace("Source = \"desk-1\"", $"Source = \"desk-1\", Port = {port}", StringComparison.Ordinal)
            .Replace("http://127.0.0.1:5000", http, StringComparison.Ordinal);
    }

    private static string Root()
    {
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(at.FullName, "ActorTrading.sln"))) at = at.Parent!;
        return at.FullName;
    }

    private static async Task<(string Port, string Http)> AddressesAsync(Process node)
    {
        using var limit = new CancellationTokenSource(Limit);
        var port = "";
        while (await node.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (TickPort().Match(line) is { Success: true } found) port = found.Groups[1].Value;
            if (line.EndsWith(" (API)", StringComparison.Ordinal)) return (port, line.Split(' ')[0]);
        }

        throw new InvalidOperationException("The node ended before it listened.");
    }

    [GeneratedRegex(@"\.(\d+\.\d+\.\d+.*)\.nupkg$")]
    private static partial Regex VersionInName();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"listening on .*:(\d+) \(ticks\)")]
    private static partial Regex TickPort();

    /// <summary>Packs the output of this configuration.</summary>
    private Task<string> PackAsync(string project)
    {
        var configuration = AppContext.BaseDirectory.Contains(
            $"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        return RunAsync("dotnet", "pack", Path.Combine(Root(), "src", project), "-c", configuration, "--no-build", "-v:quiet",
            "-nologo", "-o", folder.File("feed"));
    }

    /// <summary>A file of package sources with the folder of packages: alone, or in addition to those of the machine.</summary>
    private string WriteConfig(string name, bool isAlone) => folder.Write(
        name,
        $"""
        <configuration>
          <packageSources>
            {(isAlone ? "<clear />" : "")}
            <add key="folder" value="{folder.File("feed")}" />
          </packageSources>
        </configuration>
        """);

    private async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var (said, wrong) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await said}{await wrong}");
            return await said;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Starts a program in an environment without cached packages.</summary>
    private Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        // No earlier package replaces a missing one, and no compiler server outlives the test.
        start.Environment["NUGET_PACKAGES"] = folder.File("packages");
        start.Environment["DOTNET_CLI_HOME"] = folder.Path;
        start.Environment["DOTNET_ROOT"] = Path.GetDirectoryName(Environment.ProcessPath);
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        return Process.Start(start)!;
    }
}
