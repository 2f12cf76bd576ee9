namespace DiffusionSharp.Conditions;

/// <summary>
/// Prompts of their own for the second and third text encoder of a model that has several: SDXL (two CLIP), Stable Diffusion 3 (two CLIP, T5),
/// Flux (CLIP, T5). An encoder for which there is none reads the request's. They are for all pictures of a request.
/// </summary>
public sealed record EncoderPrompts : IRequestPart
{
    /// <summary>For the second encoder: diffusers' <c>prompt_2</c>.</summary>
    public string? Second { get; init; }

    /// <summary>For the third encoder: diffusers' <c>prompt_3</c>.</summary>
    public string? Third { get; init; }

    /// <summary>The negative one for the second encoder.</summary>
    public string? NegativeSecond { get; init; }

    /// <summary>The negative one for the third encoder.</summary>
    public string? NegativeThird { get; init; }

    /// <summary>The request as the encoder of an index, from 0, is to read it.</summary>
    internal TextToImageRequest For(TextToImageRequest request, int encoder)
    {
        (string? prompt, string? negative) = encoder switch
        {
            1 => (Second, NegativeSecond),
            2 => (Third, NegativeThird),
            _ => (null, null),
        };
        return request with
        {
            Prompt = prompt ?? request.Prompt,
            Prompts = prompt is null ? request.Prompts : null,
            NegativePrompt = negative ?? request.NegativePrompt,
            NegativePrompts = negative is null ? request.NegativePrompts : null,
        };
    }

    /// <summary>How many encoders the prompts are for.</summary>
    internal int Encoders => (Third ?? NegativeThird) is not null ? 3 : (Second ?? NegativeSecond) is not null ? 2 : 1;
}
