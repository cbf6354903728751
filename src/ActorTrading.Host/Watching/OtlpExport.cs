using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ActorTrading.Host.Watching;

/// <summary>
/// Sends the metrics by OTLP, at the interval and with the headers that the environment names (<c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_EXPORTER_OTLP_HEADERS</c>). What it sends is read shortly before, so that no sending waits for the engine.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const int LeastSeries = 2_000;
    private const int FlushMilliseconds = 5_000;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    private readonly MeterProvider provider;
    private readonly CancellationTokenSource closing = new();
    private readonly Task reading;

    private OtlpExport(MeterProvider provider, NodeReader reader)
    {
        this.provider = provider;
        reading = KeepReadingAsync(reader);
    }

    /// <summary>Begins; null where nobody has asked for it.</summary>
    public static OtlpExport? Start(WatchOptions options, Plan plan, NodeReader reader)
    {
        if (options.Otlp is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable))) return null;

        // The library keeps room for as many series as an instrument may have, and drops what comes beyond.
        var frames = plan.Settings.Frames.Concat(plan.Overrides.Values.SelectMany(settings => settings.Frames)).Append(Frame.Tick)
            .Distinct().Count();
        var room = Math.Max(LeastSeries, options.Symbols * plan.Settings.Columns.Count * frames);
        var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("actortrading", serviceVersion: BuildInfo.Version))
            .AddMeter(EngineMeter.Name, "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddView("actortrading.indicator.value", new MetricStreamConfiguration { CardinalityLimit = room })
            .AddView(
                "actortrading.symbol.*",
                new MetricStreamConfiguration { CardinalityLimit = Math.Max(LeastSeries, options.Symbols * frames) })
            .AddOtlpExporter(exporter =>
            {
                if (options.Otlp is not { } endpoint) return; // the library reads the environment
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(endpoint.ToString().TrimEnd('/') + "/v1/metrics");
            })
            .Build();
        return new OtlpExport(provider, reader);
    }

    /// <summary>Sends the last values, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await reading;
        await Task.Run(() =>
        {
            provider.Shutdown(FlushMilliseconds); // sends what there is
            provider.Dispose();
        });
    }

    private async Task KeepReadingAsync(NodeReader reader)
    {
        using var timer = new PeriodicTimer(ReadEvery);
        try
        {
            do await reader.RefreshAsync(closing.Token);
            while (await timer.WaitForNextTickAsync(closing.Token));
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
