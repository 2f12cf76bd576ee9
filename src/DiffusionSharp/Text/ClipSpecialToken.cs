namespace DiffusionSharp.Text;

/// <summary>A token that stands for itself.</summary>
/// <param name="Text">How the vocabulary writes it.</param>
/// <param name="Id">Its id.</param>
internal sealed record ClipSpecialToken(string Text, int Id);
