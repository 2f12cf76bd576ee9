namespace DiffusionSharp.Tests.Pipelines;

/// <summary>Generate, derive, cancel and dispose in random order on several threads: whoever goes last releases, and nobody twice.</summary>
[Collection(AloneCollection.Name)]
public class OwnerStressTests
{
    private const int Interleavings = 10_000;

    [Fact]
    public async Task Parts_are_released_exactly_once_and_never_while_they_are_used()
    {
        int refusals = 0;
        int cancellations = 0;
        int pictures = 0;
        for (int seed = 0; seed < Interleavings; seed++)
        {
            var interleaving = new Interleaving(seed);
            await interleaving.RunAsync();
            Assert.True(interleaving.Violations.IsEmpty, $"Seed {seed}: {string.Join(", ", interleaving.Violations)}");
            refusals += interleaving.Refusals;
            cancellations += interleaving.Cancellations;
            pictures += interleaving.Pictures;
        }

        // All of it has come to pass, again and again.
        Assert.All([refusals, cancellations, pictures], count => Assert.True(count > Interleavings / 10, $"{refusals} refusals, {cancellations} cancellations, {pictures} pictures"));
    }
}
