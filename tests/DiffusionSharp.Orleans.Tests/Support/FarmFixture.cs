namespace DiffusionSharp.Orleans.Tests.Support;

/// <summary>A farm of two silos that several tests share.</summary>
public sealed class FarmFixture : IAsyncLifetime
{
    internal TestFarm Farm { get; private set; } = null!;

    public async Task InitializeAsync() => Farm = await TestFarm.StartAsync(silos: 2);

    public async Task DisposeAsync() => await Farm.DisposeAsync();
}
