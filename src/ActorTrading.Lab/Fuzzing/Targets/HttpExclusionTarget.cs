using System.Text;
using ActorTrading.Host.Web;
using ActorTrading.Host.Web.Endpoints;
using Microsoft.AspNetCore.Http;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>The body of <c>POST /symbols/{symbol}/exclusions</c>: filters, or a fault with its status.</summary>
internal sealed class HttpExclusionTarget : FuzzTarget
{
    public const string Called = "http-exclusion";

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            """{"id":"feed-1:17"}""", """{"id":"feed-1:2:17"}""", """{"source":"feed-1","epoch":1,"seq":17}""",
            """{"from":"2024-07-09T14:30:00Z","to":"2024-07-09T14:31:00Z"}""",
            """{"source":"feed-1","from":1720535400000000000,"to":1720535460000000000}""",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', 30_000)),
    ];

    public override bool Take(byte[] input, Random random)
    {
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(input);
        try
        {
            var filters = Measured(input.Length, () => ExclusionEndpoints.ReadAsync(context).GetAwaiter().GetResult());
            FuzzFault.Unless(filters.Count > 0, "an exclusion that is taken names records");
            return true;
        }
        catch (RequestFault refusal)
        {
            FuzzFault.Unless(refusal is { Status: 400 or 413, Message.Length: > 0 }, $"a refusal is 400 or 413: {refusal.Status}");
            return false;
        }
    }
}
