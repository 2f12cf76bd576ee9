namespace DiffusionSharp.Emoji.Tests.Support;

/// <summary>The embedded model, loaded once for all tests.</summary>
public sealed class EmojiModel : IDisposable
{
    public DiffusionPipeline Pipeline { get; } = EmojiPipeline.Load();

    public void Dispose() => Pipeline.Dispose();
}

[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit calls it a collection
public sealed class EmojiCollection : ICollectionFixture<EmojiModel>
#pragma warning restore CA1711
{
    public const string Name = "Emoji";
}
