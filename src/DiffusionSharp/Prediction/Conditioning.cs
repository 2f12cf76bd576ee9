using System.Numerics.Tensors;

namespace DiffusionSharp.Prediction;

/// <summary>Everything a prediction is conditioned on besides the sample and the timestep. Constant during a generation.</summary>
/// <remarks>The first dimension of every tensor is the batch. A model uses the parts it has inputs for; what it needs and lacks is an error.</remarks>
public sealed record Conditioning
{
    /// <summary>No condition at all, as for an unconditional model.</summary>
    public static Conditioning None { get; } = new();

    /// <summary>Text (or other) tokens for cross-attention, <c>[B, S, D]</c>.</summary>
    public Tensor<float>? Context { get; init; }

    /// <summary>One vector per image, <c>[B, P]</c>: a pooled text embedding, an image embedding.</summary>
    public Tensor<float>? Pooled { get; init; }

    /// <summary>One class index per image, <c>[B]</c>, for class-conditional models.</summary>
    public Tensor<long>? ClassLabels { get; init; }

    /// <summary>Channels that are concatenated behind those of the sample, <c>[B, C', H, W]</c>: a mask and masked latents, a low-resolution image, a semantic map.</summary>
    public Tensor<float>? Concatenated { get; init; }

    /// <summary>Further inputs of a model by the name the model gives them, for example <c>time_ids</c>; the first dimension is the batch.</summary>
    public IReadOnlyDictionary<string, Tensor<float>> Named { get; init; } = new Dictionary<string, Tensor<float>>();

    /// <summary>Repeats every row, image by image, so that a batch of 1 becomes a batch of <paramref name="count"/>.</summary>
    /// <param name="count">How often, at least 1.</param>
    /// <returns>Conditions with <paramref name="count"/> times the batch size.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public Conditioning Repeat(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return count == 1 ? this : Stack([.. Enumerable.Repeat(this, count)]);
    }

    /// <summary>Stacks conditions along the batch, for example unconditional and conditional ones for classifier-free guidance.</summary>
    /// <param name="conditions">At least one; all have the same parts with the same shapes behind the batch.</param>
    /// <returns>One set of conditions whose batch size is the sum.</returns>
    /// <exception cref="ArgumentException">The list is empty, one of them has a part that another lacks, or shapes differ.</exception>
    public static Conditioning Stack(IReadOnlyList<Conditioning> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        if (conditions.Count == 0)
        {
            throw new ArgumentException("Nothing to stack: the list of conditions is empty.", nameof(conditions));
        }

        var named = new Dictionary<string, Tensor<float>>();
        foreach (string name in conditions.SelectMany(c => c.Named.Keys).Distinct())
        {
            named[name] = StackPart(conditions, name, c => c.Named.GetValueOrDefault(name))!;
        }

        return new Conditioning
        {
            Context = StackPart(conditions, nameof(Context), c => c.Context),
            Pooled = StackPart(conditions, nameof(Pooled), c => c.Pooled),
            ClassLabels = StackPart(conditions, nameof(ClassLabels), c => c.ClassLabels),
            Concatenated = StackPart(conditions, nameof(Concatenated), c => c.Concatenated),
            Named = named,
        };
    }

    /// <summary>Throws where a part is not of one image.</summary>
    /// <param name="name">What these conditions are called.</param>
    internal void RequireSingle(string name)
    {
        RequireSingle(name, nameof(Context), Context);
        RequireSingle(name, nameof(Pooled), Pooled);
        RequireSingle(name, nameof(ClassLabels), ClassLabels);
        RequireSingle(name, nameof(Concatenated), Concatenated);
        foreach ((string input, Tensor<float> tensor) in Named)
        {
            RequireSingle(name, input, tensor);
        }
    }

    private static void RequireSingle<T>(string name, string part, Tensor<T>? tensor)
    {
        if (tensor is not null && (tensor.Rank == 0 || tensor.Lengths[0] != 1))
        {
            throw new ArgumentException($"The part '{part}' has the shape {tensor.ShapeText()}, but the conditions of a request are those of one picture: its first dimension must be 1.", name);
        }
    }

    private static Tensor<T>? StackPart<T>(IReadOnlyList<Conditioning> conditions, string name, Func<Conditioning, Tensor<T>?> select)
    {
        var parts = new List<Tensor<T>>(conditions.Count);
        foreach (Conditioning condition in conditions)
        {
            if (select(condition) is { } part)
            {
                parts.Add(part);
            }
        }

        if (parts.Count != 0 && parts.Count != conditions.Count)
        {
            throw new ArgumentException($"Conditions can only be stacked when all of them have '{name}': {parts.Count} of {conditions.Count} do.", nameof(conditions));
        }

        return parts.Count == 0 ? null : TensorExtensions.StackRows(parts);
    }
}
