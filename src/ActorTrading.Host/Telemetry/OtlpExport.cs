using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Engine.Telemetry;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ActorTrading.Host.Telemetry;

/// <summary>
/// Exports metrics by OTLP, with the interval and headers from the environment (<c>OTEL_METRIC_EXPORT_INTERVAL</c>,
/// <c>OTEL_EXPORTER_OTLP_HEADERS</c>). The values are read shortly before each export, so that an export does not wait for the engine.
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

    /// <summary>Starts the export; null when it is not configured.</summary>
    public static OtlpExport? Start(TelemetryOptions options, Plan plan, NodeReader reader)
    {
        if (options.Otlp is null && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable))) return null;

        // The library reserves memory for a maximum number of series per instrument and drops further series.
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
                if (options.Otlp is not { } endpoint) return; // null: the library reads the endpoint from the environment
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(endpoint.ToString().TrimEnd('/') + "/v1/metrics");
            })
            .Build();
        return new OtlpExport(provider, reader);
    }

    /// <summary>Exports the last values and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await reading;
        await Task.Run(() =>
        {
            provider.Shutdown(FlushMilliseconds); // exports the remaining values
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
            // Cancelled.
        }
    }
}
