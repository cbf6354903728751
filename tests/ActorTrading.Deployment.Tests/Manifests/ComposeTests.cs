using System.Text.RegularExpressions;
using ActorTrading.Host;
using ActorTrading.Host.Nodes;
using ActorTrading.TestKit;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ActorTrading.Deployment.Tests.Manifests;

/// <summary>docker-compose.yaml and the systemd unit, compared with the program and with each other.</summary>
public sealed partial class ComposeTests
{
    private const string Folder = "docker";

    private static readonly Dictionary<object, object> Compose = new DeserializerBuilder().Build()
        .Deserialize<Dictionary<object, object>>(
            new MergingParser(new Parser(new StringReader(Repository.Read($"{Folder}/docker-compose.yaml")))));

    private static IEnumerable<(string Name, Dictionary<object, object> Service)> Services =>
        Map(Compose["services"]).Select(entry => ((string)entry.Key, Map(entry.Value)));

    private static IEnumerable<(string Name, Dictionary<object, object> Service)> Programs =>
        Services.Where(service => ((string)service.Service["image"]).StartsWith("actortrading:", StringComparison.Ordinal));

    private static IEnumerable<(string Name, Dictionary<object, object> Service)> Nodes =>
        Programs.Where(service => !service.Service.ContainsKey("command"));

    [Fact]
    public void Commands_AreOnesOfTheProgram() =>
        Assert.All(Programs, program => Assert.Empty(
            CommandLine.Root().Parse([.. program.Service.TryGetValue("command", out var command) ? Texts(command) : ["node"]]).Errors));

    [Fact]
    public void ThreeNodes_AnnounceTheNamesThatTheyHave()
    {
        Assert.Equal(3, Nodes.Count());
        foreach (var (name, node) in Nodes)
        {
            var arguments = new Dictionary<string, string?>();
            foreach (var (variable, value) in Map(node["environment"]).Where(
                entry => ((string)entry.Key).StartsWith(NodeSettings.Prefix, StringComparison.Ordinal)))
                arguments[NodeSettings.All.Single(setting => ProgramTests.NameOf(setting) == (string)variable).Key] = (string)value;
            var options = NodeSettings.Read(null, arguments);

            Assert.Equal(name, options.Cluster.Host);
            Assert.True(options.Cluster.Seeds.Count >= 2);
            Assert.All(options.Cluster.Seeds, seed => Assert.Contains(seed, Nodes.Select(other => $"{other.Name}:{options.Cluster.Port}")));
            Assert.Equal(
                [options.Port, options.HttpPorts.Single()], Texts(node["ports"]).Select(port => int.Parse(port.Split(':')[^1], null)));
        }
    }

    [Fact]
    public void WhatServicesNeed_IsThere()
    {
        var volumes = Map(Compose["volumes"]).Keys.Cast<string>().ToHashSet();
        foreach (var (name, service) in Services)
        {
            foreach (var source in Texts(service.GetValueOrDefault("volumes")).Select(volume => volume.Split(':')[0]))
            {
                if (source.StartsWith('.')) Assert.True(File.Exists(Repository.PathOf(Path.Combine(Folder, source))), $"{name}: {source}");
                else Assert.Contains(source, volumes);
            }

            var needed = service.GetValueOrDefault("depends_on") switch
            {
                Dictionary<object, object> map => map.Keys.Cast<string>(),
                var list => Texts(list),
            };
            Assert.All(needed, other => Assert.Contains(other, Services.Select(candidate => candidate.Name)));
            Assert.All(Texts(service.GetValueOrDefault("ports")), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void ContainersOfTheProgram_CannotWriteButToTheirFolder() => Assert.All(Programs, program =>
    {
        Assert.Equal("true", program.Service["read_only"]);
        Assert.Equal(["ALL"], Texts(program.Service["cap_drop"]));
        Assert.Equal(["/tmp"], Texts(program.Service["tmpfs"]));
        Assert.All(Texts(program.Service["volumes"]), volume => Assert.Equal("/data", volume.Split(':')[1]));
    });

    [Fact]
    public void Nodes_AreGivenMoreTimeThanTheirDrainTakes()
    {
        Assert.All(Nodes, node => Assert.True(Seconds((string)node.Service["stop_grace_period"]) > CommandLine.DrainLimit.TotalSeconds));
        var unit = Unit();
        Assert.True(double.Parse(unit["TimeoutStopSec"].Single(), null) > CommandLine.DrainLimit.TotalSeconds);

        static double Seconds(string text) => double.Parse(text.TrimEnd('s'), null);
    }

    [Fact]
    public void Unit_StartsANode()
    {
        var unit = Unit();

        Assert.Empty(CommandLine.Root().Parse(unit["ExecStart"].Single().Split(' ')[1..]).Errors);
        foreach (var variable in unit["Environment"].Select(value => value.Split('=')[0]))
            Assert.Contains(variable, NodeSettings.All.Select(ProgramTests.NameOf));
    }

    [SkippableFact]
    public async Task Unit_IsSound()
    {
        // systemd looks for the program at a path that this machine does not have.
        var folder = new TemporaryFolder();
        try
        {
            var unit = folder.File("actortrading.service");
            await File.WriteAllTextAsync(unit, Repository.Read("systemd/actortrading.service")
                .Replace("/opt/actortrading/actortrading", "/bin/true", StringComparison.Ordinal));

            var result = await Tools.RunAsync("systemd-analyze", "verify", unit);

            Assert.DoesNotContain("actortrading.service", result.Error, StringComparison.Ordinal);
            Assert.Equal(0, result.ExitCode);
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static Dictionary<string, List<string>> Unit() => UnitLine().Matches(Repository.Read("systemd/actortrading.service"))
        .GroupBy(match => match.Groups[1].Value)
        .ToDictionary(group => group.Key, group => group.Select(match => match.Groups[2].Value).ToList());

    private static Dictionary<object, object> Map(object value) => (Dictionary<object, object>)value;

    private static IEnumerable<string> Texts(object? value) => value is null ? [] : ((List<object>)value).Cast<string>();

    [GeneratedRegex("^([A-Za-z]+)=(.*)$", RegexOptions.Multiline)]
    private static partial Regex UnitLine();
}
