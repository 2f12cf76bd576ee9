using DiffusionSharp.Serialization;

namespace DiffusionSharp.Orleans;

/// <summary>What a job is to make, and how.</summary>
[GenerateSerializer]
[Immutable]
[Alias("DiffusionSharp.GenerationOrder")]
public sealed record GenerationOrder
{
    /// <summary>The name of the pipeline, as the silos' hosts have it.</summary>
    [Id(0)]
    public string Model { get; init; } = "";

    /// <summary>The request as JSON (<see cref="GenerationRequestJson"/>), in UTF-8. Without a seed it gets one that follows from the job's name.</summary>
    [Id(1)]
    public byte[] Request { get; init; } = [];

    /// <summary>On whose behalf: tenants take turns, and have limits of their own.</summary>
    [Id(2)]
    public string Tenant { get; init; } = "";

    /// <summary>After how many model calls the generation is saved, at least 1.</summary>
    [Id(3)]
    public int CheckpointEvery { get; init; } = 5;

    /// <summary>After how many model calls there is a preview; never where 0. Each costs a run of the decoder.</summary>
    [Id(4)]
    public int PreviewEvery { get; init; }

    /// <summary>
    /// Whether model calls are shared with other such jobs of the silo (continuous batching): more pictures a second where the device has room, and bits that depend on the company, up
    /// to 1e-3 of a value in [-1, 1]. Not by default: then a picture is the same to the last bit, wherever and in how many pieces it is made.
    /// </summary>
    [Id(5)]
    public bool SharesModelCalls { get; init; }

    /// <summary>An order.</summary>
    /// <param name="model">The name of the pipeline.</param>
    /// <param name="request">What to generate.</param>
    /// <param name="json">Knows the types of outsiders in the request, as <see cref="FarmOptions.RequestJson"/> of the silos must; the library's own where null.</param>
    /// <returns>The order; its other properties can be set by <c>with</c>.</returns>
    /// <exception cref="NotSupportedException">The request holds something that JSON cannot say.</exception>
    public static GenerationOrder Of(string model, GenerationRequest request, GenerationRequestJson? json = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);
        ArgumentNullException.ThrowIfNull(request);
        return new GenerationOrder { Model = model, Request = (json ?? GenerationRequestJson.Default).SerializeToUtf8Bytes(request) };
    }

    /// <summary>Throws where a value makes no sense.</summary>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Model);
        ArgumentNullException.ThrowIfNull(Tenant);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointEvery, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(PreviewEvery);
        if (Request is not { Length: > 0 })
        {
            throw new ArgumentException("The order has no request.", nameof(Request));
        }
    }

    /// <summary>Whether both ask for the same.</summary>
    internal bool IsSameAs(GenerationOrder other) => Request.AsSpan().SequenceEqual(other.Request) && this with { Request = other.Request } == other;
}
