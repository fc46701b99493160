using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ListServer.Web.Archive;

/// <summary>Lines of a message with their line ends: no white space but theirs.</summary>
public sealed class MailLines : ComponentBase
{
    /// <summary>The lines.</summary>
    [Parameter]
    [EditorRequired]
    public string Text { get; set; } = "";

    /// <inheritdoc/>
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "p");
        builder.AddAttribute(1, "class", "mail-text");
        foreach (var piece in MailText.Pieces(Text))
        {
            if (piece.IsLink)
            {
                builder.OpenElement(2, "a");
                builder.AddAttribute(3, "href", piece.Text);
                builder.AddAttribute(4, "rel", "nofollow noopener noreferrer ugc");
                builder.AddContent(5, piece.Text);
                builder.CloseElement();
            }
            else
            {
                builder.AddContent(6, piece.Text);
            }
        }

        builder.CloseElement();
    }
}
