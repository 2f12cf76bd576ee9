using DiffusionSharp.Conditions;

namespace DiffusionSharp.Text;

/// <summary>How prompts are encoded, where a request wants it otherwise than the model was trained with.</summary>
public sealed record TextEncodingOptions : IRequestPart
{
    /// <summary>What the model was trained with.</summary>
    public static TextEncodingOptions Default { get; } = new();

    /// <summary>
    /// Layers of a CLIP encoder that are left out at its end, beyond those that the model leaves out itself; at least 0. diffusers' <c>clip_skip</c>;
    /// 1 less than what other tools call so.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative.</exception>
    public int ClipSkip
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            field = value;
        }
    }

    /// <summary>
    /// Tokens of a prompt for encoders that take any number, as T5 does, padding included; at least 1. The model's own number when null.
    /// diffusers' <c>max_sequence_length</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int? MaxLength
    {
        get;
        init
        {
            if (value is { } length)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
            }

            field = value;
        }
    }
}
