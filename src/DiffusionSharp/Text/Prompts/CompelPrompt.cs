namespace DiffusionSharp.Text;

/// <summary>A prompt of compel: prompts one behind another, each of weighted pieces or of several that are blended.</summary>
/// <param name="Parts">At least one.</param>
public sealed record CompelPrompt(IReadOnlyList<CompelPart> Parts);
