using System.Text;
using ActorTrading.Engine.Ingest.Access;

namespace ActorTrading.Lab.Fuzzing.Targets;

/// <summary>Access rules files: rules, or an <see cref="AccessException"/>. A running node reads a changed file.</summary>
internal sealed class TextAccessTarget : FuzzTarget
{
    public const string Called = "text-access";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrading-fuzz-");
    private readonly string path;

    public TextAccessTarget()
    {
        path = Path.Combine(folder.FullName, "rules.json");
        File.WriteAllText(path, "{}");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public override string Name => Called;

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        .. new[]
        {
            """
            {"tokens":[
             {"name":"equities","sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              "sources":["eq-*"],"symbols":["AAPL"]},
             {"name":"ops","token":"a-token-that-is-long-enough-0123456789","read":["*"],"admin":true,
              "limits":{"records_per_second":1000,"symbols":10,"connections":3,"queries":2}}],
             "certificates":[{"name":"feed-b","san":"feed-b.example","sources":["feed-b"]},{"subject":"CN=a","read":["A*"]}],
             "anonymous":{"read":["*"]}}
            """,
            "{}", """{"anonymous":{"read":["*"],"sources":["-"]}}""", "// a comment\n{\"tokens\":[],}",
        }.Select(Encoding.UTF8.GetBytes),
        Encoding.UTF8.GetBytes(new string('[', 30_000)),
    ];

    public override bool Take(byte[] input, Random random)
    {
        File.WriteAllBytes(path, input);
        try
        {
            Measured(input.Length, () => AccessRules.Load(path)).Dispose();
            return true;
        }
        catch (AccessException refusal)
        {
            FuzzFault.Unless(refusal.Message.Length > path.Length, "a file that is refused is refused with a reason");
            return false;
        }
    }

    public override void Dispose() => folder.Delete(recursive: true);
}
