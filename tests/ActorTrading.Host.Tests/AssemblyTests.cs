using System.Reflection;

namespace ActorTrading.Host.Tests;

public class AssemblyTests
{
    [Fact]
    public void Executable_IsCalledActortrading() =>
        Assert.NotNull(Assembly.Load("actortrading").EntryPoint);
}
