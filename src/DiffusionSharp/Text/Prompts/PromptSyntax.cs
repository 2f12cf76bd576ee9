namespace DiffusionSharp.Text;

/// <summary>The ways of writing prompts that people know, as they are set where they come from.</summary>
public static class PromptSyntax
{
    /// <summary>That of stable-diffusion-webui: <c>(word:1.3)</c>, <c>[word]</c>, <c>BREAK</c>, <c>[from:to:0.4]</c>, <c>[a|b]</c>; any length.</summary>
    public static A1111PromptSyntax A1111 { get; } = new();

    /// <summary>That of diffusers' community pipeline "long prompt weighting": <c>(word:1.3)</c>, <c>[word]</c>; up to three chunks.</summary>
    public static LpwPromptSyntax Lpw { get; } = new();

    /// <summary>That of compel, which InvokeAI uses: <c>word++</c>, <c>(some words)1.3</c>, <c>.blend()</c>, <c>.and()</c>; cut off at one chunk.</summary>
    public static CompelPromptSyntax Compel { get; } = new();
}
