using System.Text.Json;
using ActorTrading.Host.Commands;
using ActorTrading.Host.Terminal;
using Spectre.Console;

namespace ActorTrading.Host.Tests.Terminal;

public class ShardTableTests
{
    private static readonly JsonElement Answer = JsonDocument.Parse("""
        {"region":"symbol",
         "nodes":[{"node":"10.0.0.1:4053","shards":2,"symbols":5,"rate":1200.5,"waiting":12,"lag_seconds":0.25},
                  {"node":"10.0.0.2:4053","shards":1,"symbols":0,"rate":0,"waiting":0,"lag_seconds":0}],
         "silent":["10.0.0.2:4053","10.0.0.3:4053"],
         "shards":[
          {"region":"symbol","shard":3,"owner":"10.0.0.1:4053","symbols":4,"records":9000,"rate":200,"waiting":0,"lag_seconds":0,"last_event":{"symbol":"AAPL","event":41,"time":"2024-07-09T14:30:05.123456700Z"},"moves":0},
          {"region":"symbol","shard":17,"owner":"10.0.0.1:4053","symbols":1,"records":800,"rate":1000.5,"waiting":12,"lag_seconds":0.25,"last_event":null,"moves":2},
          {"region":"symbol","shard":40,"owner":null,"symbols":0,"records":0,"rate":0,"waiting":3,"lag_seconds":4.5,"last_event":null,"moves":0},
          {"region":"symbol","shard":41,"owner":"10.0.0.2:4053","symbols":0,"records":0,"rate":0,"waiting":0,"lag_seconds":0,"last_event":null,"moves":0}]}
        """).RootElement;

    [Fact]
    public void Table_HasNodes_ThenShards()
    {
        var text = new StringWriter { NewLine = "\n" };
        ShardTable.Print(Answer, text);
        Assert.Equal("""
            node                  shards  symbols    rate  waiting  lag_seconds
            10.0.0.1:4053              2        5  1200.5       12         0.25
            10.0.0.2:4053 silent
            10.0.0.3:4053 silent

            region  shard  owner          symbols    rate  waiting  lag_seconds  last_event  at        moves
            symbol      3  10.0.0.1:4053        4     200        0            0  AAPL #41    14:30:05      0
            symbol     17  10.0.0.1:4053        1  1000.5       12         0.25                            2
            symbol     40  nobody               0       0        3          4.5                            0
            symbol     41  10.0.0.2:4053        0       0        0            0                            0

            """.ReplaceLineEndings("\n"), text.ToString());
    }

    [Fact]
    public void Lines_AreOneForEachNode()
    {
        var text = new StringWriter { NewLine = "\n" };
        ShardTable.PrintLines(Answer, new DateTime(2024, 7, 9, 14, 30, 6), text);
        Assert.Equal(
            "14:30:06  node=10.0.0.1:4053  shards=2  symbols=5  rate=1200.5  waiting=12  lag_seconds=0.25\n14:30:06  "
            + "node=10.0.0.2:4053 silent\n14:30:06  node=10.0.0.3:4053 silent\n",
            text.ToString());
    }

    [Fact]
    public void ShardsThatNobodyHosts_ComeFirst_ThenThoseBehind_ThenTheBusy() =>
        Assert.Equal(["40", "17", "3"], ShardTable.Busiest(Answer, 3).Select(row => row[1]));

    [Fact]
    public void Picture_ShowsAsManyShardsAsFit()
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        console.Write(ShardsCommand.Picture(Answer, new Uri("http://127.0.0.1:5000"), height: 16));
        Assert.Contains("the busiest 3 of 4 shards", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("nobody", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(" 41 ", text.ToString(), StringComparison.Ordinal);
    }
}
