namespace DiffusionSharp.Text;

/// <summary>A token that stands for itself.</summary>
/// <param name="Text">How the vocabulary writes it.</param>
/// <param name="Id">Its id.</param>
/// <param name="StripsBefore">Whether it takes the white space before it in a text with it.</param>
/// <param name="StripsAfter">Whether it takes the white space after it in a text with it.</param>
/// <param name="Count">How many ids it becomes, which follow one another.</param>
internal sealed record SpecialToken(string Text, int Id, bool StripsBefore = false, bool StripsAfter = false, int Count = 1);
