using System.Text.Json;
using ActorTrading.Host.Backtesting;

namespace ActorTrading.Host.Tests.Backtesting;

/// <summary>Reads the report of a backtest.</summary>
internal static class ReportReading
{
    public static JsonElement Json(BacktestReport report)
    {
        var stream = new MemoryStream();
        report.WriteJson(stream);
        return JsonDocument.Parse(stream.ToArray()).RootElement;
    }

    public static string Text(BacktestReport report)
    {
        var text = new StringWriter();
        report.Print(text);
        return text.ToString();
    }
}
