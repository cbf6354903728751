using System.Text;
using ActorTrading.Connectors.Messages;
using ActorTrading.Connectors.Settings;
using ActorTrading.Domain.Calendars;
using ActorTrading.TestKit;
using ActorTrading.Wire.Text;
using Microsoft.Extensions.Configuration;

namespace ActorTrading.Connectors.Tests.Settings;

public class ConnectorSettingsTests
{
    private static readonly ConnectorKind[] Kinds =
    [
        new("queue", ConnectorDirection.In, Queue.ReadIn), new("queue", ConnectorDirection.Out, Queue.ReadIn),
        new("wire", ConnectorDirection.Out, Queue.ReadIn),
    ];

    [Fact]
    public void Connectors_AreReadInTheOrderOfTheirNames_ThePlaceThatWeighsMostFirst()
    {
        var (all, errors) = Read(
            """{"connectors":{"b":{"topics":"x, y","tls":{"ca":"over"}}}}""",
            """
            {"connectors":{
              "b":{"kind":"Queue","direction":"IN","topics":["z"],"count":7,"tls":{"ca":"under"},"raw":{"fetch.min.bytes":"1","a":{"b":2}}},
              "a":{"kind":"wire","topics":"one","safe":"true"}}}
            """);
        Assert.Empty(errors);
        Assert.Equal(
            [("a", "wire", ConnectorDirection.Out), ("b", "queue", ConnectorDirection.In)],
            all.Select(one => (one.Name, one.Kind, one.Direction)));
        Assert.Equal((3, true, null), (all[0].Count, all[0].IsSafe, all[0].Authority));
        Assert.Equal((7, false, "over"), (all[1].Count, all[1].IsSafe, all[1].Authority));
        Assert.Equal([["one"], ["x", "y"]], all.Select(one => one.Topics));
        Assert.Equal([("a:b", "2"), ("fetch.min.bytes", "1")], all[1].Raw.Select(entry => (entry.Key, entry.Value)).Order());
    }

    [Theory]
    [InlineData("""{"topics":"x"}""", "connectors:b:kind: is missing; it is one of queue, wire")]
    [InlineData("""{"kind":"pigeon"}""", "node.json: connectors:b:kind: 'pigeon' is not one of queue, wire")]
    [InlineData("""{"kind":"queue","topics":"x"}""", "connectors:b:direction: is missing")]
    [InlineData("""{"kind":"queue","direction":"up","topics":"x"}""", "node.json: connectors:b:direction: 'up' is not one of in, out")]
    [InlineData(
        """{"kind":"wire","direction":"in","topics":"x"}""", "node.json: connectors:b:direction: no connector of the kind wire")]
    [InlineData("""{"kind":"wire"}""", "connectors:b:topics: is missing")]
    [InlineData("""{"kind":"wire","topics":[]}""", "connectors:b:topics: is missing")]
    [InlineData("""{"kind":"wire","topics":"x","count":0}""", "node.json: connectors:b:count: '0' is not a whole number from 1 to 9")]
    [InlineData("""{"kind":"wire","topics":"x","safe":"perhaps"}""", "node.json: connectors:b:safe: 'perhaps' is neither")]
    [InlineData("""{"kind":"wire","topics":"x","colour":"red"}""", "node.json: connectors:b:colour: unknown setting")]
    [InlineData("""{"kind":"wire","topics":"x","tls":{"cb":"red"}}""", "node.json: connectors:b:tls:cb: unknown setting")]
    [InlineData("""{"kind":"wire","topics":"x","password":"geheim"}""", "node.json: connectors:b:password: unknown setting")]
    [InlineData("""{"kind":"wire","topics":"x","password_file":"/no/such/file"}""", "node.json: connectors:b:password_file: ")]
    [InlineData(
        """{"kind":"wire","topics":"x","password_variable":"NO_SUCH_SECRET"}""",
        "connectors:b:password_variable: the environment variable NO_SUCH_SECRET")]
    public void WhatIsWrong_IsToldWithItsPath(string connector, string expected)
    {
        var (all, errors) = Read("{}", $$$"""{"connectors":{"b":{{{connector}}}}}""");
        Assert.Empty(all);
        Assert.Contains(expected, Assert.Single(errors), StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void NameThatIsNone_IsRefused()
    {
        var (_, errors) = Read("{}", """{"connectors":{"a b":{"kind":"wire","topics":"x"}}}""");
        Assert.Contains("'a b' is not a connector name", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_IsReadFromItsFile_AndShownToNobody()
    {
        using var folder = new TemporaryFolder();
        var file = folder.File("password");
        File.WriteAllText(file, "geheim\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var (all, errors) = Read("{}", Connector("password_file", file));
        Assert.Empty(errors);
        Assert.Equal("geheim", all[0].Password!.Reveal());
        Assert.DoesNotContain("geheim", all[0].ToString(), StringComparison.Ordinal);
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("other users can", Assert.Single(Read("{}", Connector("password_file", file)).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void WhatTextsLeaveOpen_IsReadForEveryKindAlike()
    {
        var (all, errors) = Read("{}", """
            {"connectors":{"b":{"kind":"wire","topics":"x","records_per_message":5,"time_unit":"ms","zone":"Europe/Berlin","time_format":"dd/MM/yyyy HH:mm","frame":"5min","stamped":"end","symbol":"AAPL"}}}
            """);
        Assert.Empty(errors);
        var (reading, parser) = (all[0].Reading, all[0].Reading.Parser);
        Assert.Equal(
            (5, TimeUnit.Milliseconds, BarStamp.End, "AAPL"),
            (reading.PerMessage, parser.TimeUnit, parser.Stamped, parser.DefaultSymbol?.Name));
        Assert.Equal(
            (true, "5min", "dd/MM/yyyy HH:mm", false),
            (parser.IsBarFrameGiven, parser.BarFrame.Name(), parser.TimeFormat?.Text, parser.Zone == InputZone.Utc));
        foreach (var (key, value) in ((string, string)[])[
            ("time_unit", "hours"), ("zone", "Atlantis"), ("time_format", "QQ"), ("frame", "soon"), ("stamped", "middle"),
            ("symbol", "a,b"), ("records_per_message", "0")])
        {
            var wrong = Read("{}", Connector(key, value)).Errors;
            Assert.Contains($"connectors:b:{key}: '{value}'", Assert.Single(wrong), StringComparison.Ordinal);
        }
    }

    private static string Connector(string key, string value) =>
        """{"connectors":{"b":{"kind":"wire","topics":"x","KEY":"VALUE"}}}""".Replace("KEY", key, StringComparison.Ordinal)
            .Replace("VALUE", value, StringComparison.Ordinal);

    private static (List<Queue> All, List<string> Errors) Read(params string[] layers)
    {
        var errors = new List<string>();
        var sources =
            layers.Select((layer, index) => new SettingsSource(key => index == layers.Length - 1 ? $"node.json: {key}" : key, Of(layer)))
                .ToList();
        return ([.. ConnectorSettings.Read(sources, errors, Kinds).Cast<Queue>()], errors);
    }

    private static IConfigurationRoot Of(string json) =>
        new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();

    private sealed record Queue(string Name, string Kind, ConnectorDirection Direction) : ConnectorOptions(Name, Kind, Direction)
    {
        public IReadOnlyList<string> Topics { get; init; } = [];

        public long Count { get; init; }

        public bool IsSafe { get; init; }

        public string? Authority { get; init; }

        public ConnectorSecret? Password { get; init; }

        public IReadOnlyDictionary<string, string> Raw { get; init; } = new Dictionary<string, string>();

        public MessageReading Reading { get; init; } = new();

        public static Queue ReadIn(ConnectorSection section)
        {
            var topics = section.List("topics", static text => text);
            if (topics is null) section.AddError("topics", "is missing");
            return new Queue(
                section.Name, section.Text("kind")!.ToLowerInvariant(),
                section.Text("direction") == "IN" ? ConnectorDirection.In : ConnectorDirection.Out)
            {
                Topics = topics ?? [], Count = section.Number("count", 3, 1, 9), IsSafe = section.Flag("safe", false),
                Authority = section.Text("tls:ca"),
                Password = ConnectorSecret.Read(section, "password"), Raw = section.Map("raw"),
                Reading = MessageReadingSettings.Read(section),
            };
        }

        public override IConnector Create(ConnectorServices services) => throw new NotSupportedException();
    }
}
