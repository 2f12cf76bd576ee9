using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>Attention of multimodal transformers (arXiv:2403.03206): picture and text have projections of their own and look at both.</summary>
/// <param name="Heads">How many heads.</param>
/// <param name="HasNorms">Whether queries and keys are normalised in each head.</param>
/// <param name="Rotation">Turns queries and keys by their places; null for none.</param>
internal sealed record JointAttention(int Heads, bool HasNorms, Rotation? Rotation = null)
{
    /// <summary>Attention within one sequence, without the projection of what comes out.</summary>
    public Value Own(Value x, Weights w)
    {
        Value query = Turned(Query(x, w, "to_q", "norm_q"));
        Value key = Turned(Query(x, w, "to_k", "norm_k"));
        return query.Attend(key, x.Linear(w["to_v"], x.Channels), Heads);
    }

    /// <summary>Attention of picture and text over both, in the order of the sequences, without the projections of what comes out.</summary>
    /// <returns>What comes out for both, one after another.</returns>
    public Value Both(Value picture, Value text, Weights w, bool textFirst)
    {
        Value query = Turned(Joined(Query(picture, w, "to_q", "norm_q"), Query(text, w, "add_q_proj", "norm_added_q"), textFirst));
        Value key = Turned(Joined(Query(picture, w, "to_k", "norm_k"), Query(text, w, "add_k_proj", "norm_added_k"), textFirst));
        Value value = Joined(picture.Linear(w["to_v"], picture.Channels), text.Linear(w["add_v_proj"], text.Channels), textFirst);
        return query.Attend(key, value, Heads);
    }

    private static Value Joined(Value picture, Value text, bool textFirst) => textFirst ? Shapes.Concat(1, text, picture) : Shapes.Concat(1, picture, text);

    private Value Query(Value x, Weights w, string projection, string norm)
    {
        Value projected = x.Linear(w[projection], x.Channels);
        return HasNorms
            ? projected.Reshape(0, 0, Heads, -1).WithChannels(x.Channels / Heads).RmsNorm(w[norm]).Reshape(0, 0, -1).WithChannels(x.Channels)
            : projected;
    }

    private Value Turned(Value x) => Rotation is null ? x : Rotation.Turn(x, Heads);
}
