using DiffusionSharp.Diffusers.Graphs;

namespace DiffusionSharp.Diffusers.Architectures;

/// <summary>A block of a multimodal transformer: joint attention and a feed-forward network for picture and text, each modulated.</summary>
/// <param name="W">Its weights.</param>
/// <param name="Attention">Its attention.</param>
/// <param name="IsDual">Whether the picture also attends to itself alone (Stable Diffusion 3.5 medium).</param>
/// <param name="IsLast">Whether nobody needs the text behind it.</param>
/// <param name="TextFirst">Whether the text comes before the picture.</param>
internal sealed record JointBlock(Weights W, JointAttention Attention, bool IsDual = false, bool IsLast = false, bool TextFirst = false)
{
    public (Value Picture, Value Text) Apply(Value picture, Value text, Value condition)
    {
        Value[] ofPicture = condition.Modulate(W["norm1"], IsDual ? 9 : 6);
        Value[] ofText = IsLast ? [] : condition.Modulate(W["norm1_context"], 6);
        Value normPicture = picture.Modulated(ofPicture[0], ofPicture[1]);
        Value normText = IsLast ? text.ModulatedLast(W["norm1_context"], condition) : text.Modulated(ofText[0], ofText[1]);
        (Value toPicture, Value toText) = Parted(Attention.Both(normPicture, normText, W["attn"], TextFirst), picture, text);

        Value seen = picture + (ofPicture[2] * toPicture.Linear(W["attn"]["to_out"][0], picture.Channels));
        if (IsDual)
        {
            Value alone = Attention.Own(picture.Modulated(ofPicture[6], ofPicture[7]), W["attn2"]);
            seen += ofPicture[8] * alone.Linear(W["attn2"]["to_out"][0], picture.Channels);
        }

        picture = seen + (ofPicture[5] * seen.Modulated(ofPicture[3], ofPicture[4]).FeedForward(W["ff"]));
        if (IsLast)
        {
            return (picture, text);
        }

        text += ofText[2] * toText.Linear(W["attn"]["to_add_out"], text.Channels);
        return (picture, text + (ofText[5] * text.Modulated(ofText[3], ofText[4]).FeedForward(W["ff_context"])));
    }

    private (Value Picture, Value Text) Parted(Value both, Value picture, Value text)
    {
        Value border = (TextFirst ? text : picture).Extent(1);
        Value first = both.Slice(1, both.Graph.Wholes(0L), border);
        Value second = both.Slice(1, border, both.Extent(1));
        return TextFirst ? (second, first) : (first, second);
    }
}
