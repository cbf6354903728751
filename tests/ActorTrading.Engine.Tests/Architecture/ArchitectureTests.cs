using System.Text.RegularExpressions;
using System.Xml.Linq;
using ActorTrading.TestKit;

namespace ActorTrading.Engine.Tests.Architecture;

/// <summary>Which projects and namespaces may use which. <c>docs/architecture.md</c> describes the same in words.</summary>
public partial class ArchitectureTests
{
    /// <summary>The projects that a project references directly.</summary>
    private static readonly Dictionary<string, string[]> References = new()
    {
        ["Domain"] = [],
        ["Calendars"] = ["Domain"],
        ["Wire"] = ["Calendars"],
        ["Simulation"] = ["Domain"],
        ["Client"] = [],
        ["Engine"] = ["Client", "Wire"],
        ["Cluster"] = ["Engine"],
        ["Connectors"] = ["Engine"],
        ["Host"] = ["Cluster", "Connectors", "Engine", "Simulation"],
        ["Pbm"] = ["Host"],
        ["Lab"] = ["Host"],
        ["Subscriber"] = ["Cluster"],
    };

    /// <summary>The files outside its own folder that may use the embedded engine: they start it or hold its options.</summary>
    private static readonly string[] HostsOfTheEmbeddedEngine =
    [
        "src/ActorTrading.Host/Nodes/Engines/EmbeddedHosting.cs",
        "src/ActorTrading.Host/Nodes/NodeOptions.cs",
        "src/ActorTrading.Lab/Crashing/JournalAudit.cs",
    ];

    /// <summary>
    /// A folder, the namespaces (and those below them) that no file in it imports, and the calls that no file in it makes.
    /// </summary>
    public static TheoryData<string, string[], string[]> ForbiddenUses => new()
    {
        { "src/ActorTrading.Domain/", ["System.Net", "System.IO", "System.Threading", "Microsoft", "Akka"], [Clock, Disk, Chance] },
        { "src/ActorTrading.Calendars/", ["System.Net", "System.Threading", "Microsoft", "Akka"], [Clock, Chance] },
        { "src/ActorTrading.Wire/", ["System.Net", "System.Threading", "Microsoft", "Akka"], [Clock] },
        { "src/ActorTrading.Client/", ["Microsoft", "Akka", "ActorTrading.Domain", "ActorTrading.Engine", "ActorTrading.Wire"], [] },
        { "src/ActorTrading.Engine/", ["Akka", "Microsoft.AspNetCore", "Microsoft.Extensions.Hosting"], [] },
        { "src/ActorTrading.Engine/Journal/", ["System.Net", "ActorTrading.Engine.Ingest", "ActorTrading.Engine.Symbols"], [] },
        { "src/ActorTrading.Engine/Symbols/", ["System.Net", "ActorTrading.Engine.Ingest"], [Clock] },
        { "src/ActorTrading.Engine/Recovering/", ["System.Net", "ActorTrading.Engine.Ingest"], [Clock] },
        { "src/ActorTrading.Engine/Embedded/", ["System.Net", "ActorTrading.Engine.Ingest"], [] },
        { "src/ActorTrading.Cluster/", ["Microsoft.AspNetCore", "ActorTrading.Engine.Embedded", "ActorTrading.Host"], [] },
        { "src/ActorTrading.Cluster/Symbols/", ["System.Net", "ActorTrading.Cluster.Ingest"], [] },
        { "src/ActorTrading.Connectors/", ["Microsoft.AspNetCore", "ActorTrading.Cluster", "ActorTrading.Engine.Embedded"], [] },
    };

    private static string Clock => @"\bDateTime(?:Offset)?\.(?:Utc)?Now\b|\bStopwatch\.|\bTimeProvider\.System\b|\bEnvironment\.TickCount";

    private static string Disk => @"\bFile\.(?:Open|Read|Write|Append|Delete|Move)|\bDirectory\.";

    private static string Chance => @"\bRandom\.Shared\b|\bnew Random\(\)|\bGuid\.NewGuid\b";

    [Fact]
    public void Projects_ReferenceOnlyThoseBelowThem()
    {
        var folder = Path.Combine(ReferenceData.RepositoryFolder(), "src");
        var found = Directory.EnumerateFiles(folder, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            file => Path.GetFileNameWithoutExtension(file)["ActorTrading.".Length..],
            file => XDocument.Load(file).Descendants("ProjectReference")
                .Select(reference => ReferencedProject().Match(reference.Attribute("Include")!.Value).Groups[1].Value)
                .Order(StringComparer.Ordinal).ToArray());
        Assert.Equal(References.Keys.Order(StringComparer.Ordinal), found.Keys.Order(StringComparer.Ordinal));
        Assert.All(References, project => Assert.Equal(project.Value, found[project.Key]));
    }

    [Fact]
    public void EmbeddedEngine_IsUsedOnlyByWhatStartsIt()
    {
        var users = SourceFile.All
            .Where(file => !file.Path.StartsWith("src/ActorTrading.Engine/Embedded/", StringComparison.Ordinal))
            .Where(file => EmbeddedNamespace().IsMatch(file.Text))
            .Select(file => file.Path);
        Assert.Equal(HostsOfTheEmbeddedEngine, users);
    }

    [Theory]
    [MemberData(nameof(ForbiddenUses))]
    public void Folder_UsesNothingThatIsForbiddenToIt(string folder, string[] namespaces, string[] calls)
    {
        var files = SourceFile.All.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        var imports = from file in files
                      from import in file.Imports
                      from forbidden in namespaces
                      where import == forbidden || import.StartsWith(forbidden + ".", StringComparison.Ordinal)
                      select $"{file.Path} imports {import}";
        var made = from file in files
                   from call in calls
                   let match = Regex.Match(file.Text, call)
                   where match.Success
                   select $"{file.Path} calls {match.Value}";
        Assert.Empty(imports.Concat(made));
    }

    [GeneratedRegex(@"ActorTrading\.(\w+)\.csproj$")]
    private static partial Regex ReferencedProject();

    [GeneratedRegex(@"\bEngine\.Embedded\b|cref=""Embedded\.")]
    private static partial Regex EmbeddedNamespace();
}
