using System.Text;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Describing;
using ActorTrading.Host.Web.Live;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>The parameters of requests: symbols, frames, times, numbers and subscriptions, as the endpoints read them.</summary>
internal sealed class HttpQueryTarget : FuzzTarget
{
    public const string Called = "http-query";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            "?frame=1min&from=2024-07-09T13:00:00Z&to=2024-07-09T15:00:00Z&limit=10&symbols=AAPL,BTC%2FUSD",
                "?topics=signals,bars&symbols=AAPL&frames=1min,5min&from=17",
            "?topics=state&symbols=AAPL,economy&from=0", "?symbols=%00&frame=90s&from=1720533600000000000&limit=9223372036854775807",
                "?topics=ticks&topics=late&symbols=",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var query = "?" + Encoding.Latin1.GetString(input.AsSpan().TrimStart("?"u8));
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        var limit = new NumberParameter("limit", "", Default: 1);
        var taken = 0;
        Measured(input.Length, () =>
        {
            Read(() => QueryReader.Symbols(context, "symbols"));
            Read(() => QueryReader.Frame(context, "frame"));
            Read(() => QueryReader.Time(context, "from"));
            Read(() => QueryReader.Number(context, limit));
            Read(() => Subscription.Of(context));
            return true;
        });
        return taken > 2;

        void Read<T>(Func<T> read)
        {
            try
            {
                if (read() is not null) taken++;
            }
            catch (RequestFault refusal)
            {
                FuzzFault.Unless(refusal is { Status: 400, Message.Length: > 0 },
                    $"a parameter that is not right is 400: {refusal.Status}");
            }
        }
    }
}
