namespace DiffusionSharp.Emoji.Tests.Support;

/// <summary>Tests that run alone, so that no other brings a garbage collection about while they count what is allocated.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
#pragma warning disable CA1711 // xunit calls it a collection
public sealed class AloneCollection : ICollectionFixture<EmojiModel>
#pragma warning restore CA1711
{
    public const string Name = "Alone";
}
