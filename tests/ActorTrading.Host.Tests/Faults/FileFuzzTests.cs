using System.Text;
using ActorTrading.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Host.Exporting;
using ActorTrading.Host.Nodes;
using ActorTrading.Host.Webhooks;
using ActorTrading.TestKit;
using ActorTrading.TestKit.Folding;
using ActorTrading.Wire.Text;

namespace ActorTrading.Host.Tests.Faults;

/// <summary>Distorted files that a node or a command reads: they are read, or rejected with a readable message.</summary>
public sealed class FileFuzzTests : IDisposable
{
    private const string Settings =
        """
        {"data":"d","listen":"127.0.0.1","port":9999,"http":{"port":"5000,5001","max_request_bytes":1000000,"origins":"https://desk.example"},
         "engine":{"partitions":4,"queue_records":1000,"delete_covered_events":true},"log":{"format":"json","level":"debug"},
         "otlp":{"endpoint":"http://127.0.0.1:4318"},"webhooks":{"desk":{"url":"https://desk.example/hook"}}}
        """;

    private const string Export =
        """{"format":"ndjson","symbols":["AAPL"],"positions":true,"after":0,"position":12,"persistence_id":"symbol-AAPL","sequence_number":3,"bytes":400}""";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void SettingsOfANode() =>
        Run(seed: 31, rounds: 400, "node.json", Settings, path => NodeSettings.Read(path, new Dictionary<string, string?>()));

    [Fact]
    public void Plans()
    {
        var fuzz = new Fuzz(seed: 32, rounds: 3_000);
        var sound = TestPlans.All.Values.Select(plan => Encoding.UTF8.GetBytes(plan.ToJson())).ToList();
        while (fuzz.Next())
        {
            var bytes = fuzz.Distort(fuzz.OneOf(sound));
            if (Plan.TryParse(bytes, VenueCalendars.Source, out var plan, out var errors))
                Assert.Equal(plan.Hash, Plan.Parse(plan.ToJson(), VenueCalendars.Source).Hash);
            else Assert.NotEmpty(errors);
        }
    }

    [Fact]
    public void CursorOfAWebhook() =>
        Run(seed: 33, rounds: 600, "cursor.json", """{"Position":17}""", path => new WebhookCursor(path).Load());

    [Fact]
    public void CursorOfAnExport()
    {
        var output = folder.File("out.ndjson");
        Run(seed: 34, rounds: 600, "out.ndjson.cursor", Export, _ =>
        {
            if (ExportCursor.Load(output) is not { } cursor) return;
            Assert.True(cursor.Bytes >= 0 && cursor.Position >= cursor.After && cursor.After >= 0);
            cursor.Expect(new ExportRequest(Dialect.Canonical, [], Positions: true), output);
        });
    }

    private void Run(int seed, int rounds, string name, string sound, Action<string> read)
    {
        var fuzz = new Fuzz(seed, rounds);
        var path = folder.File(name);
        while (fuzz.Next())
        {
            var bytes = fuzz.Distort(Encoding.UTF8.GetBytes(sound));
            File.WriteAllBytes(path, bytes);
            try
            {
                read(path);
            }
            catch (Exception refusal) when (refusal is CommandException or WebhookException)
            {
                Assert.NotEmpty(refusal.Message);
            }
            catch (Exception fault)
            {
                Assert.Fail($"seed {fuzz.Seed}: {fault.GetType().Name}: {fault.Message} from {Encoding.UTF8.GetString(bytes)}");
            }
        }
    }
}
