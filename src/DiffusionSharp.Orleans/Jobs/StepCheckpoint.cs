namespace DiffusionSharp.Orleans;

/// <summary>A checkpoint in its two parts, so that the one that stays the same travels and is stored once (<see cref="CheckpointFront"/>).</summary>
[GenerateSerializer]
[Immutable]
[Alias("DiffusionSharp.StepCheckpoint")]
internal sealed record StepCheckpoint
{
    /// <summary>Model calls made, in all stages of a cascade.</summary>
    [Id(0)]
    public int Step { get; init; }

    /// <summary>Model calls in all, up to the end of the stage.</summary>
    [Id(1)]
    public int StepCount { get; init; }

    /// <summary>Tells one front from another.</summary>
    [Id(2)]
    public string FrontHash { get; init; } = "";

    /// <summary>The front; null where it is known.</summary>
    [Id(3)]
    public byte[]? Front { get; init; }

    /// <summary>What follows.</summary>
    [Id(4)]
    public byte[] Rest { get; init; } = [];

    /// <summary>Model calls of the stages before.</summary>
    [Id(5)]
    public int StepsBefore { get; init; }

    /// <summary>Saves a generation.</summary>
    /// <param name="save">Writes the checkpoint.</param>
    /// <param name="step">The step.</param>
    /// <param name="before">Model calls of the stages before.</param>
    /// <param name="known">The front that need not be sent.</param>
    public static StepCheckpoint Of(Action<Stream> save, DenoisingStep step, int before, string? known)
    {
        using var stream = new MemoryStream();
        save(stream);
        byte[] whole = stream.ToArray();
        CheckpointFront front = CheckpointFront.Of(whole);
        return new StepCheckpoint
        {
            Step = before + step.Index + 1,
            StepCount = before + step.Count,
            StepsBefore = before,
            FrontHash = front.Hash,
            Front = front.Hash == known ? null : whole[..front.Length],
            Rest = whole[front.Length..],
        };
    }

    /// <summary>The checkpoint as it was saved.</summary>
    public Stream Open() => new MemoryStream([.. Front!, .. Rest]);
}
